import { once } from "node:events";
import { createSupervisor } from "../../index.js";
import { badInput, somethingLeft } from "../exit-codes.js";
import type { Cast } from "./cast.js";
import type { DoneEvent, LeftProcess } from "./events.js";
import type { Interruption } from "../interruption.js";
import type { OwnershipMarks } from "./ownership-mark.js";
import { playSession } from "./play-session.js";
import { createProcessCount, type OwnedProcess } from "./process-count.js";
import type { Reporter } from "./reporter.js";
import type { SessionPlan } from "./session-plan.js";
import { watchDemo } from "./watch-demo.js";

/** One run of the demo. */
export interface DemoRun {
  readonly cast: Cast;
  readonly plans: readonly SessionPlan[];
  readonly marks: OwnershipMarks;
  readonly interruption: Interruption;
  readonly reporter: Reporter;
}

/** Everything is closed or leaked so long after the last session's end, or after Ctrl-C. */
const shutdownDeadlineMs = 10_000;

/** Plays all sessions at once, ends what is left, looks at the process table, and gives the exit code. */
export async function runDemo({ cast, plans, marks, interruption, reporter }: DemoRun): Promise<number> {
  const startedAt = performance.now();
  const count = createProcessCount(marks);
  // The demo listens for signals itself, so that it can still say what is left.
  const supervisor = createSupervisor({ signals: false });
  const watch = watchDemo({ supervisor, plans, count, reporter });
  const interrupted = interruption.signal;
  const stage = { supervisor, marks, count, interrupted, report: watch.report };
  const servers = cast.servers.map(({ name, note }) => ({ server: name, note }));
  watch.report({ event: "started", servers, sessions: plans.map(startedSession), skipped: cast.skipped });
  const played = Promise.all(plans.map((plan) => playSession(plan, stage)));
  let left: readonly OwnedProcess[] | undefined;
  try {
    await Promise.race([played, untilAborted(interrupted)]);
    const cause = interruption.cause();
    if (cause !== undefined) watch.report({ event: "interrupted", signal: cause.name });
  } finally {
    await supervisor.shutdown({ deadlineMs: shutdownDeadlineMs });
    await cast.http?.close();
    left = await watch.stop();
  }
  const leaked = (await played).filter(({ outcome }) => outcome === "leaked").length;
  const isLeft = leaked > 0 || (left ?? []).length > 0;
  const done: DoneEvent = {
    event: "done",
    tookMs: Math.round(performance.now() - startedAt),
    sessions: { closed: plans.length - leaked, leaked },
    mostProcesses: watch.mostProcesses(),
    left: left?.map(leftProcess),
    // A server that is configured and cannot be opened is as wrong as a configuration that cannot be read.
    exitCode: isLeft ? somethingLeft : (interruption.cause()?.exitCode ?? (watch.hasFailures() ? badInput : 0)),
  };
  watch.report(done);
  return done.exitCode;
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

function startedSession({ key, end, servers }: SessionPlan) {
  return { session: key, end, servers: servers.map(({ name }) => name) };
}

function leftProcess({ pid, ppid, command, owner }: OwnedProcess): LeftProcess {
  return { pid, ppid, command: command.slice(0, 120), ...owner };
}
