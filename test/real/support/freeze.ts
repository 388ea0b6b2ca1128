import { accessSync, constants, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const freezer = "/sys/fs/cgroup/freezer";

/** Whether this machine has the freezer of cgroup version 1, and lets us use it: unlike that of version 2 it keeps SIGKILL waiting, too. */
export const canFreeze = mayWrite(`${freezer}/cgroup.procs`);

/** A process that nothing ends until it is thawed. */
export interface FrozenProcess extends Disposable {
  thaw(): void;
}

export function freeze(pid: number): FrozenProcess {
  const cgroup = join(freezer, `mcp-lifecycle-test-${pid}`);
  mkdirSync(cgroup);
  const set = (state: "FROZEN" | "THAWED") => writeFileSync(join(cgroup, "freezer.state"), state);
  writeFileSync(join(cgroup, "cgroup.procs"), String(pid));
  set("FROZEN");
  return {
    thaw: () => set("THAWED"),
    [Symbol.dispose]: () => {
      set("THAWED");
      rmdirSync(cgroup);
    },
  };
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
