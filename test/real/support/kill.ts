import { seeProcess, type SeenProcess } from "../../../src/testing/witness/seen-process.js";

/** SIGKILL to exactly that process: not to a later one with its pid. */
export function killByIdentity({ pid, startTime }: Pick<SeenProcess, "pid" | "startTime">): void {
  if (seeProcess(pid)?.startTime === startTime) process.kill(pid, "SIGKILL");
}

/** SIGKILL from outside to a leader that is alive now. Throws if there is none: the test would show nothing then. */
export function killLeader(pid: number | undefined): void {
  const leader = pid === undefined ? undefined : seeProcess(pid);
  if (leader === undefined) throw new Error(`there is no leader to kill (pid ${pid})`);
  killByIdentity(leader);
}
