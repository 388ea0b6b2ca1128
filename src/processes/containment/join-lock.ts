import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const underWay = new Map<string, Promise<void>>();

/**
 * Takes and gives back, in the background, the lock of the kernel that whoever joins a cgroup needs. The first to take it waits for a grace
 * period of RCU, some ten milliseconds, longer than all else of a start; who comes soon after does not. Resolves when that is over or cannot be.
 *
 * What is asked for is to move this thread, and no other of its process, to where it is. Should the process be elsewhere by now, that is refused:
 * threads alone do not move between such cgroups (cgroups(7), threaded mode).
 */
export function warmJoinLock(base: string, pid: number = process.pid): Promise<void> {
  const warming =
    underWay.get(base) ??
    writeFile(join(base, "cgroup.threads"), String(pid), { flag: "r+" })
      .catch(() => undefined)
      .finally(() => underWay.delete(base));
  underWay.set(base, warming);
  return warming;
}
