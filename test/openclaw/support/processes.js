import { readdirSync, readFileSync } from "node:fs";

/** Pids of the processes whose environment has that variable: servers, and whatever they started. Linux only. */
export function marked(variable) {
  return pids().filter((pid) => read(pid, "environ").includes(`${variable}=`));
}

/** Everything that descends from `ancestor`, itself included, and the marked processes. */
export function family({ mark, ancestor }) {
  const all = pids();
  const parents = new Map(all.map((pid) => [pid, parentOf(pid)]));
  const descends = (pid) => {
    for (let at = pid; at !== undefined && at > 1; at = parents.get(at)) if (at === ancestor) return true;
    return false;
  };
  return [...new Set([...all.filter(descends), ...marked(mark)])];
}

/** Memory in bytes; shared pages are counted in part (PSS). */
export function pssOf(pid) {
  return Number(/^Pss:\s+(\d+)/m.exec(read(pid, "smaps_rollup"))?.[1] ?? 0) * 1024;
}

/** The command line, as text. */
export function commandOf(pid) {
  return read(pid, "cmdline").replaceAll("\0", " ").trim();
}

const pids = () =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function parentOf(pid) {
  const stat = read(pid, "stat");
  // The name before it is in brackets and may hold anything.
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? 0);
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}
