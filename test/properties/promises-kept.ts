import { SimulationError } from "../../src/testing/simulation/index.js";
import type { Lineage } from "./lineage.js";
import { problemsOf, remembered, unended } from "./receipt-rules.js";
import { isUnseenByIntent, mayGoUnrecorded, mayRunUnseen, whyBeyondReach, type WorldPlan } from "./worlds.js";

/** A whole life, from the first command to the shutdown and the time after it. */
export interface Life {
  readonly plan: WorldPlan;
  readonly lineage: Lineage;
  /** Whether only an end that was given little time may be reported as leaked. */
  readonly isEndable: boolean;
  /** Commands that had something to do it to. */
  carriedOut: number;
}

/** Throws all that must be true of a life and is not. */
export async function assertPromisesKept(life: Life): Promise<void> {
  const { host, dead, world } = life.lineage;
  const wrongWithSibling = await life.lineage.endSibling();
  const leftByLiving = leftovers(life).filter((left) => life.isEndable || !isForNextStart(left, life.lineage));
  throwAll([
    ...wrongWithSibling,
    ...leftByLiving,
    ...(mayOwe(life) ? await life.lineage.conclude() : []),
    ...host.expectations.disappointments,
    ...dead.flatMap(({ expectations }) => expectations.failures),
    ...violations(life),
    ...leftovers(life),
    ...(await unended(host, () => world.clock.settle())),
    ...receiptProblems(life),
    ...remembered(host),
  ]);
}

/** Throws what was violated until now. */
export function assertNoViolations(life: Life): void {
  throwAll(violations(life));
}

function throwAll(broken: readonly string[]): void {
  if (broken.length > 0) throw new SimulationError(broken.join("; "));
}

/** What an operator gave up, or nobody can see, may run beside its successor. */
function violations({ plan, lineage }: Life): string[] {
  const forgotten = lineage.hosts.flatMap(({ forgottenNames }) => forgottenNames);
  const isExcused = (sentence: string) => {
    const earlier = / while that of (.+) is alive$/.exec(sentence)?.[1];
    return earlier !== undefined && (forgotten.includes(earlier) || mayRunUnseen(earlier, plan));
  };
  return lineage.world.truth.violations
    .filter(({ rule, sentence }) => rule !== "I11" || !isExcused(sentence))
    .map(({ rule, atMs, sentence }) => `${rule} at ${atMs} ms: ${sentence}`);
}

/** Whether something may be left that the next start is to end. */
function mayOwe({ lineage, plan }: Life): boolean {
  return lineage.dead.length > 0 || "remove" in plan.ledgerPlans;
}

/** Where nothing answers for a while, records and trees of the dead may have to wait for the next start. */
function isForNextStart(left: string, lineage: Lineage): boolean {
  return (
    left.startsWith("left: the ledger's record ") ||
    isOf(
      lineage.dead.flatMap(({ startedNames }) => startedNames),
      left,
    )
  );
}

/** Processes, sockets, sessions of servers, transports, records and timers, but those that nobody can end or that were given up. */
function leftovers({ plan, lineage }: Life): string[] {
  const { abandoned, dead, leaderless, unkept, unrecorded, world } = lineage;
  const givenUp = [
    ...lineage.hosts.flatMap(({ givenUp: names }) => names),
    ...dead.flatMap(({ forgottenNames }) => forgottenNames),
    ...(mayGoUnrecorded(plan) ? unrecorded : []),
  ];
  // What was not on record nobody knows of, and in the end a server that cannot be reached is left to its own limits.
  const unknownSessions = [...unkept, ...abandoned];
  return world.truth
    .whatIsLeft()
    .filter((left) => whyBeyondReach(left, plan) === undefined)
    .filter((left) => !isOf(givenUp, left))
    .filter((left) => !(isUnseenByIntent(left) && isOf([...leaderless], left)))
    .filter((left) => !(left.startsWith("session ") && isOf(unknownSessions, left)))
    .map((left) => `left: ${left}`);
}

function isOf(names: readonly string[], left: string): boolean {
  return names.some((name) => `${left} `.includes(` of ${name} `));
}

/** What the receipts of a gateway that was killed say is as true as of one that lives; it may owe the proof of a leak. */
function receiptProblems({ lineage, isEndable }: Life): string[] {
  return lineage.hosts.flatMap((host) => {
    const { announcements, gateway } = host;
    const wasKilled = lineage.dead.includes(host);
    const told = { host, announcements, isEndable, wasKilled };
    return announcements.receipts.flatMap((receipt) =>
      problemsOf(receipt, told).map((problem) => `${problem} (gateway ${gateway.identity.pid})`),
    );
  });
}
