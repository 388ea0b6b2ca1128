import type { ExitStatus, TreeSignal } from "../../ports/process-host.js";
import type { ProcessShape } from "./process-shape.js";
import type { ProcessEntry } from "./process-table.js";
import type { VirtualClock } from "./virtual-clock.js";
import type { VirtualProcesses } from "./virtual-processes.js";

/** Sets going what a process does by itself from its start, or its exec, on. */
export function beginLife(processes: VirtualProcesses, process: ProcessEntry): void {
  const { shape } = process;
  for (const child of shape.children ?? []) {
    react(processes.clock, process, child.bornAfterMs ?? 0, () => processes.fork(process, child));
  }
  forkAgain(processes, process, shape.forks?.times ?? 0);
  // Never in the same breath: whoever started it has to have its pid first.
  if (shape.exitsAfterMs !== undefined) {
    const exit = () => processes.exit(process, exitStatusOf(shape));
    process.timers.add(processes.clock.schedule(exit, shape.exitsAfterMs));
  }
}

/** What a signal does to a process. To a zombie: nothing. */
export function reactToSignal(processes: VirtualProcesses, process: ProcessEntry, signal: TreeSignal): void {
  if (process.state !== "running") return;
  if (signal === "SIGKILL") dieOfKill(processes, process);
  else reactToTerm(processes, process);
}

export function reactToEof(processes: VirtualProcesses, process: ProcessEntry): void {
  exitLater(processes, process, process.shape.onEof ?? (process.isLeader ? 0 : "ignored"));
}

export function reactToParentExit(processes: VirtualProcesses, process: ProcessEntry): void {
  exitLater(processes, process, process.shape.onParentExit ?? "ignored");
}

/** Everything that was held back by an uninterruptible sleep happens now. */
export function thawProcess(process: ProcessEntry): void {
  process.frozen = false;
  for (const resume of process.pending.splice(0)) resume();
}

/** Nothing of what it was going to do happens any more. */
export function stopLife(clock: VirtualClock, process: ProcessEntry): void {
  for (const timer of process.timers) clock.clearTimeout(timer);
  process.timers.clear();
  process.pending.length = 0;
}

function dieOfKill(processes: VirtualProcesses, process: ProcessEntry): void {
  const { bornWhileKilled = 0, onSigkill } = process.shape;
  if (bornWhileKilled > 0) {
    const born = { ...process.shape, bornWhileKilled: bornWhileKilled - 1, children: undefined, detach: undefined };
    process.shape = { ...process.shape, bornWhileKilled: 0 };
    processes.fork(process, born);
  }
  const afterMs = typeof onSigkill === "number" ? onSigkill : 0;
  react(processes.clock, process, afterMs, () => processes.exit(process, { code: null, signal: "SIGKILL" }));
}

function reactToTerm(processes: VirtualProcesses, process: ProcessEntry): void {
  const { bornOnSigterm = [], onSigterm } = process.shape;
  process.shape = { ...process.shape, bornOnSigterm: undefined };
  for (const child of bornOnSigterm) processes.fork(process, child);
  if (onSigterm === "ignored") return;
  const status: ExitStatus = onSigterm === undefined ? { code: null, signal: "SIGTERM" } : { code: 0, signal: null };
  react(processes.clock, process, onSigterm ?? 0, () => processes.exit(process, status));
}

function exitLater(processes: VirtualProcesses, process: ProcessEntry, afterMs: number | "ignored"): void {
  if (afterMs === "ignored" || process.state !== "running") return;
  react(processes.clock, process, afterMs, () => processes.exit(process, exitStatusOf(process.shape)));
}

function forkAgain(processes: VirtualProcesses, process: ProcessEntry, times: number): void {
  const { forks } = process.shape;
  if (forks === undefined || times <= 0) return;
  react(processes.clock, process, Math.max(1, forks.everyMs), () => {
    processes.fork(process, { ...process.shape, forks: undefined, children: undefined });
    forkAgain(processes, process, times - 1);
  });
}

/** Does something so long from now, unless the process exits or execs before; at once for 0, once thawed if it is frozen. */
function react(clock: VirtualClock, process: ProcessEntry, afterMs: number, what: () => void): void {
  if (process.frozen) {
    process.pending.push(() => react(clock, process, afterMs, what));
  } else if (afterMs <= 0) {
    what();
  } else {
    const timer = clock.schedule(() => {
      process.timers.delete(timer);
      what();
    }, afterMs);
    process.timers.add(timer);
  }
}

function exitStatusOf({ exit = { code: 0 } }: ProcessShape): ExitStatus {
  return "code" in exit ? { code: exit.code, signal: null } : { code: null, signal: exit.signal };
}
