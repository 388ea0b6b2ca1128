import { SimulationError } from "../../src/testing/simulation/index.js";
import { type Announced, problemsOf, remembered, unended } from "./receipt-rules.js";
import type { SimulatedHost } from "./simulated-host.js";
import { mayRunUnseen, whyBeyondReach, type WorldPlan } from "./worlds.js";

/** A whole life, from the first command to the shutdown and the time after it. */
export interface Life extends Announced {
  readonly plan: WorldPlan;
  readonly host: SimulatedHost;
  /** Commands that had something to do it to. */
  readonly carriedOut: number;
}

/** Throws all that must be true of a life and is not. */
export async function assertPromisesKept(life: Life): Promise<void> {
  const broken = [
    ...life.host.expectations.disappointments,
    ...violations(life),
    ...leftovers(life),
    ...(await unended(life.host, () => life.host.simulated.world.clock.settle())),
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
