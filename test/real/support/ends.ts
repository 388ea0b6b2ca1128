import type { EndReason, ServerConfig, SessionOptions, SessionReceipt } from "../../../src/index.js";
import { killLeader } from "./kill.js";
import type { Arrival, Arrived, Moment } from "./moments.js";
import { drainMs } from "./graces.js";
import type { SubjectKind } from "./subject.js";

/** How long a session lives that is to be over in its sleep: longer than its opening takes, in milliseconds. */
export const sleeperLifetimeMs = 4_000;

/** What the session is made with, so that it can end for that reason at that moment. */
export function sessionOptionsFor(reason: EndReason, moment: Moment): SessionOptions {
  if (reason !== "timedOut") return { drainMs };
  // What sleeps or waits for an answer is not idle; only its lifetime ends it.
  if (moment === "while asleep") return { drainMs, maxLifetimeMs: sleeperLifetimeMs };
  return moment === "with a call in flight" ? { drainMs, maxLifetimeMs: 50 } : { drainMs, idleTimeoutMs: 80 };
}

/** Marks the server as required where its loss is to end the session. */
export function configFor(config: ServerConfig, reason: EndReason, isLost: boolean): ServerConfig {
  return { ...config, lifecycle: { ...config.lifecycle, required: reason === "errored" && isLost } };
}

/** Whether that server can be lost at that moment; where it cannot, the session is told to end as errored. */
export function canBeLost({ losableLeader }: SubjectKind, moment: Moment): boolean {
  return losableLeader && moment !== "while asleep";
}

/** Brings the end about and waits for its receipt. */
export async function endAs(
  reason: EndReason,
  moment: Moment,
  { kind, session, lease, pid }: Arrival & Arrived,
): Promise<SessionReceipt> {
  if (reason === "reset") return (await session.reset()).receipt;
  if (reason === "timedOut") {
    lease.release();
    return await session.ended;
  }
  if (reason === "errored" && canBeLost(kind, moment)) {
    // The others are lost without help.
    if (kind.opens === "for good") killLeader(pid);
    return await session.ended;
  }
  return await session.end({ reason });
}
