import { SimulationError } from "../../src/testing/simulation/index.js";
import type { SessionReceipt } from "../../src/supervisor/receipts.js";
import type { Announcements } from "./announcements.js";
import type { Host } from "./host.js";
import { mayRunUnseen, whyBeyondReach, type WorldPlan } from "./worlds.js";

/** A whole life, from the first command to the shutdown and the time after it. */
export interface Life {
  readonly plan: WorldPlan;
  readonly host: Host;
  readonly announcements: Announcements;
  /** Whether only an end that was given little time may be reported as leaked. */
  readonly isEndable: boolean;
}

/** Throws all that must be true of a life and is not. */
export async function assertPromisesKept(life: Life): Promise<void> {
  const broken = [
    ...life.host.expectations.disappointments,
    ...violations(life),
    ...leftovers(life),
    ...(await unended(life.host)),
    ...life.announcements.receipts.flatMap((receipt) => problemsOf(receipt, life)),
    ...remembered(life.host),
  ];
  if (broken.length > 0) throw new SimulationError(broken.join("; "));
}

/** Throws what was violated until now. */
export function assertNoViolations(life: Life): void {
  const broken = violations(life);
  if (broken.length > 0) throw new SimulationError(broken.join("; "));
}

/** What an operator gave up, or nobody can see, may run beside its successor. */
function violations({ plan, host }: Life): string[] {
  const isExcused = (sentence: string) => {
    const earlier = / while that of (.+) is alive$/.exec(sentence)?.[1];
    return earlier !== undefined && (host.forgotten.has(earlier) || mayRunUnseen(earlier, plan));
  };
  return host.simulated.world.truth.violations
    .filter(({ rule, sentence }) => rule !== "I11" || !isExcused(sentence))
    .map(({ rule, atMs, sentence }) => `${rule} at ${atMs} ms: ${sentence}`);
}

/** Processes, sockets, sessions of servers, transports, records and timers, but those that nobody can end or that were given up. */
function leftovers({ plan, host, announcements }: Life): string[] {
  const { world } = host.simulated;
  const givenUp = world.transportFactory.created
    .map(({ request }) => request.connectionId)
    .filter((id) => ["forgotten", "unconfirmed"].includes(announcements.lastReceiptOf(id)?.outcome ?? ""));
  return world.truth
    .whatIsLeft()
    .filter((left) => whyBeyondReach(left, plan) === undefined)
    .filter((left) => !givenUp.some((id) => `${left} `.includes(` of ${id} `)))
    .map((left) => `left: ${left}`);
}

async function unended({ sessions, simulated }: Host): Promise<string[]> {
  const ended = new Set<string>();
  for (const session of sessions) void session.ended.then(() => ended.add(session.id));
  await simulated.world.clock.settle();
  return [...sessions].filter(({ id }) => !ended.has(id)).map(({ id, state }) => `${id} never ended: it is ${state}`);
}

function problemsOf(receipt: SessionReceipt, { host, announcements, isEndable }: Life): string[] {
  const { session, connections } = receipt;
  const problems: string[] = [];
  const receipts = announcements.receipts.filter((other) => other.session === session);
  if (receipts.length !== 1) problems.push(`${receipts.length} receipts`);

  const disposals = announcements.disposals(session);
  // One that never had anything is through within one step of its machine, and nobody sees it dispose.
  if (disposals > 1 || (disposals === 0 && connections.length > 0)) problems.push(`disposed ${disposals} times`);
  if (announcements.reasons(session).size !== 1) problems.push("not one terminal state");
  if (receipt.netUsed) problems.push("the net was used");

  const leaked = connections.filter(({ outcome }) => outcome === "leaked").map(({ id }) => id);
  const isHurried = [...host.sessions].some((each) => each.id === session && host.isHurried(each));
  if (isEndable && receipt.outcome !== "closed" && !isHurried) problems.push(`leaked ${leaked.join(", ")}`);

  const recoveries = announcements.recoveries.filter(({ recovers }) => recovers === receipt.id);
  if (recoveries.length !== (leaked.length > 0 ? 1 : 0))
    problems.push(`${recoveries.length} recoveries of ${leaked.length} leaked connection(s)`);
  return problems.map((problem) => `${session}: ${problem}`);
}

function remembered({ simulated }: Host): string[] {
  const { sessions, admission, netUsed } = simulated.supervisor.inspect();
  const known = sessions.map(({ id, state }) => `the supervisor still knows ${id} as ${state}`);
  if (admission.trees > 0) known.push(`admission still counts ${admission.trees} tree(s)`);
  if (netUsed > 0) known.push(`the net was used ${netUsed} times`);
  return known;
}
