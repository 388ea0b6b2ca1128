import { messageOf } from "../errors/index.js";
import type { Evidence, Finished } from "../machines/index.js";
import type { Clock } from "../ports/index.js";
import { type CustodyRecord, isOnlyRemoteLeft } from "./custody-record.js";
import { type Means, meansInOrder, type Phase, type PhaseName } from "./receipts.js";
import { type Stirring, waitForStir } from "./stirring.js";

/** What the steps of a closing need. */
export interface StepTools {
  readonly clock: Clock;
  readonly stirring: Stirring;
}

// A leader's exit is announced; what it leaves behind is not, so it is looked for again, less and less often.
const firstLookMs = 5;
const slowestLookMs = 200;

const phasesAtMost = 64;
const firstPhasesKept = 16;

/** The goodbye. The look after the end of input tells whether it was heard. */
export async function release(record: CustodyRecord, tools: StepTools, signal: AbortSignal): Promise<void> {
  await inPhase(record, "releasing", tools, async () => {
    if (await record.handle.release(signal)) raiseMeans(record, "DELETE");
  });
}

/** Remembers who belongs to the tree while their parents still live, ends the input, and waits for the empty tree. */
export async function endInput(record: CustodyRecord, tools: StepTools, signal: AbortSignal): Promise<Evidence> {
  return await inPhase(record, "inputEnded", tools, async () => {
    const before = await look(record, tools);
    const since = tools.stirring.count(record.id);
    record.inputEnded = true;
    await record.handle.endInput();
    // Nothing to end: a tree that died by itself, or one that was never started. The handle's own streams went all the same.
    if (before.empty) return await look(record, tools);
    raiseMeans(record, record.handle.tree === undefined ? "close" : "EOF");
    return await untilEmpty(record, tools, { signal, since });
  });
}

/** SIGTERM, then the same wait. */
export async function terminate(record: CustodyRecord, tools: StepTools, signal: AbortSignal): Promise<Evidence> {
  return await inPhase(record, "terminating", tools, async () => {
    raiseMeans(record, "SIGTERM");
    const since = tools.stirring.count(record.id);
    await record.handle.terminate();
    return await untilEmpty(record, tools, { signal, since });
  });
}

/** SIGKILL; whether it did anything is for the next look to say. */
export async function kill(record: CustodyRecord, tools: StepTools): Promise<void> {
  await inPhase(record, "killing", tools, async () => {
    raiseMeans(record, record.handle.containment === "cgroup" ? "cgroup.kill" : "SIGKILL");
    // A deadline can come before the input was ended; the pipes are closed in any case.
    if (!record.inputEnded) void record.handle.endInput().catch(() => undefined);
    record.inputEnded = true;
    await record.handle.kill();
  });
}

/** The host's command for the proved end. Whatever owner the record has by now: the command runs once. */
export async function afterClose(record: CustodyRecord, tools: StepTools): Promise<Finished> {
  const command = record.handle.afterClose;
  if (command) await inPhase(record, "afterClose", tools, () => command.run());
  return { at: tools.clock.now() };
}

/** What is left now. An opening that has not settled counts as something left: it may still give birth. */
export async function look(record: CustodyRecord, { clock }: StepTools): Promise<Evidence> {
  const found = await record.handle.look();
  record.look = found;
  return {
    at: clock.now(),
    empty: record.settled && found.empty,
    onlyRemoteLeft: record.settled && isOnlyRemoteLeft(found),
  };
}

/** Looks until nothing is left that a signal could end; first when something stirs after the count was `since`. */
export async function untilEmpty(
  record: CustodyRecord,
  tools: StepTools,
  wait: { signal: AbortSignal; since: number },
): Promise<Evidence> {
  let { since } = wait;
  let pauseMs = firstLookMs;
  for (;;) {
    // While the leader lives there is no use in looking often; its exit wakes us.
    const atMostMs = hasLiveLeader(record) ? slowestLookMs : pauseMs;
    await waitForStir({ ...tools, id: record.id, signal: wait.signal, since, atMostMs });
    since = tools.stirring.count(record.id);
    const evidence = await look(record, tools);
    if (evidence.empty || evidence.onlyRemoteLeft) return evidence;
    if (!hasLiveLeader(record)) pauseMs = Math.min(pauseMs * 2, slowestLookMs);
  }
}

function hasLiveLeader({ handle, look: found }: CustodyRecord): boolean {
  const leader = handle.tree?.leader.pid;
  return found !== undefined && found.survivors.some(({ pid }) => pid === leader);
}

/** Records the step with its times, and what went wrong in it. */
export async function inPhase<T>(
  record: CustodyRecord,
  name: PhaseName,
  { clock }: Pick<StepTools, "clock">,
  step: () => Promise<T>,
): Promise<T> {
  const startedAt = clock.now();
  try {
    const result = await step();
    remember(record, { name, startedAt, endedAt: clock.now() });
    return result;
  } catch (error) {
    const problem = isAbort(error) ? "not empty within its grace" : messageOf(error);
    remember(record, { name, startedAt, endedAt: clock.now(), problem });
    throw error;
  }
}

/** A leak is retried for ever: the first steps and the last ones tell all there is to tell. */
function remember({ phases }: CustodyRecord, phase: Phase): void {
  phases.push(phase);
  if (phases.length > phasesAtMost) phases.splice(firstPhasesKept, 1);
}

/** XState aborts the signal of an invoked promise when its state is left. */
function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

function raiseMeans(record: CustodyRecord, means: Means): void {
  if (meansInOrder.indexOf(means) > meansInOrder.indexOf(record.means)) record.means = means;
}
