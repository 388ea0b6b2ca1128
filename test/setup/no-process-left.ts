import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import {
  describe,
  seeAllProcesses,
  seeEnvironment,
  seeProcess,
  type SeenProcess,
} from "../../src/testing/witness/seen-process.js";

const marker = "MCP_LIFECYCLE_TEST_RUN";

/**
 * Fails the run if one of its processes outlives it. Ours is what carries this run's marker (hostile servers do), what descends
 * from one of this run's workers or of such a process, and what carries a cookie and was born in this run and orphaned.
 */
export default function setup(): () => Promise<void> {
  if (process.platform !== "linux") return () => Promise.resolve();
  const run = randomBytes(8).toString("hex");
  process.env[marker] = run;
  const before = new Set(seeAllProcesses().map(identityOf));

  return async () => {
    // What was killed a moment ago needs a moment to be gone.
    let left = leftOf(run, before);
    for (
      const deadline = performance.now() + 3_000;
      left.length > 0 && performance.now() < deadline;
      left = leftOf(run, before)
    ) {
      await pause(50);
    }
    if (left.length === 0) return;
    for (const seen of left) killIfStillThere(seen);
    // The runner prints what a teardown throws, and would exit 0 all the same.
    process.exitCode = 1;
    throw new Error(
      `${left.length} processes outlived the tests:\n${left.map((seen) => `  ${describe(seen)}`).join("\n")}`,
    );
  };
}

function leftOf(run: string, before: ReadonlySet<string>): SeenProcess[] {
  const young = seeAllProcesses().filter((seen) => seen.pid !== process.pid && !before.has(identityOf(seen)));
  // The runner's own children are its workers, which inherit the marker.
  const workers = new Set(young.filter(({ ppid }) => ppid === process.pid).map(({ pid }) => pid));
  const others = young.filter(({ pid }) => !workers.has(pid));
  const isOrphanOfOurs = otherRunLives() ? () => false : isOrphanWithCookie;
  const left = new Map(
    others.filter((seen) => isMarked(seen, run) || isOrphanOfOurs(seen)).map((seen) => [seen.pid, seen]),
  );
  for (let size = -1; size !== left.size;) {
    size = left.size;
    for (const seen of others) if (left.has(seen.ppid) || workers.has(seen.ppid)) left.set(seen.pid, seen);
  }
  return [...left.values()];
}

/** Hostile servers repeat the marker in their arguments, for those of them whose environment is cleared. */
function isMarked({ pid, command }: SeenProcess, run: string): boolean {
  return command.includes(run) || seeEnvironment(pid).includes(`${marker}=${run}`);
}

function isOrphanWithCookie({ pid, ppid }: SeenProcess): boolean {
  const environment = seeEnvironment(pid);
  const isCookie = (variable: string) => variable.startsWith("MCP_LIFECYCLE_") && !variable.startsWith(`${marker}=`);
  const isOtherRuns = environment.some((variable) => variable.startsWith(`${marker}=`));
  return ppid === 1 && !isOtherRuns && environment.some(isCookie);
}

/** Another run on this machine may have orphans of its own at this moment; they are not for us to judge. */
function otherRunLives(): boolean {
  const all = new Map(seeAllProcesses().map((seen) => [seen.pid, seen]));
  const ours = new Set<number>();
  for (let pid: number | undefined = process.pid; pid !== undefined && !ours.has(pid); pid = all.get(pid)?.ppid)
    ours.add(pid);
  return [...all.values()].some(
    ({ pid, ppid, command }) => !ours.has(pid) && ppid !== process.pid && /\bvitest\b/.test(command),
  );
}

function killIfStillThere({ pid, startTime }: SeenProcess): void {
  if (seeProcess(pid)?.startTime === startTime) process.kill(pid, "SIGKILL");
}

const identityOf = ({ pid, startTime }: SeenProcess) => `${pid}:${startTime}`;
