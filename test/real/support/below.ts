import { seeAllProcesses, type SeenProcess } from "../../../src/testing/witness/seen-process.js";

/** Everybody who descends from a process at this moment. */
export function descendantsOf(pid: number): readonly SeenProcess[] {
  const all = seeAllProcesses();
  const line = new Set([pid]);
  for (let size = 0; size !== line.size;) {
    size = line.size;
    for (const seen of all) if (line.has(seen.ppid)) line.add(seen.pid);
  }
  return all.filter((seen) => seen.pid !== pid && line.has(seen.pid));
}

/** The gateway that a prefix of its command line has started, `unshare` say. */
export function gatewayBelow(pid: number): SeenProcess {
  const found = descendantsOf(pid).find(({ command }) => /^\S*node\S* \S*hosts\/gateway\.js/.test(command));
  if (found === undefined) throw new Error("the gateway is not below its prefix");
  return found;
}
