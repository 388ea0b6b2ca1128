import type { SessionOptions } from "../../src/index.js";
import type { EndReason } from "../../src/machines/index.js";
import { SimulationError } from "../../src/testing/simulation/index.js";
import type { Host } from "./host.js";

/** What commands of every world mean; false where there was nothing to do it to. */
export const hostDeeds = {
  acquire: async (host: Host, { key, oneShot, idleTimeoutMs, maxLifetimeMs }: OfSession & SessionOptions) => {
    const session = host.session(key, { oneShot, idleTimeoutMs, maxLifetimeMs });
    return session !== undefined && (await host.acquire(session)) !== undefined;
  },
  open: (host: Host, step: OfSession & { readonly server: string }) =>
    host.begin(step, host.lease(step.key)?.client(step.server)),
  release: (host: Host, { key }: OfSession) => host.release(key),
  end: (host: Host, step: OfSession & { readonly reason: EndReason; readonly deadlineMs: number | undefined }) => {
    const { key, reason, deadlineMs } = step;
    const session = host.session(key);
    if (session && deadlineMs !== undefined) host.hurry(session);
    const atMostMs = deadlineMs === undefined ? host.longestEndMs : host.longestEndWithin(deadlineMs);
    return host.begin(step, session?.end({ reason, deadlineMs }), atMostMs);
  },
  retire: (host: Host, { key, required }: OfSession & { readonly required: boolean }) => {
    const session = host.session(key);
    session?.retire({ required });
    return session !== undefined;
  },
  reset: (host: Host, step: OfSession) => {
    const session = host.session(step.key);
    return host.begin(step, session && host.reset(session), host.longestEndMs);
  },
  /** A session with a call in flight is not idle, whoever holds a lease. */
  sleep: (host: Host, step: OfSession) => {
    const session = host.session(step.key);
    if (session?.state !== "active.live.idle") return false;
    const called = host
      .connections()
      .find(({ generation, callsInFlight }) => generation === session.id && callsInFlight > 0);
    host.begin(step, session.sleep(), host.longestEndMs);
    const fellAsleep = (session.state as string) === "active.asleep";
    if (fellAsleep && called) throw new SimulationError(`${session.id} fell asleep with a call on ${called.id} (I5)`);
    return fellAsleep;
  },
};

interface OfSession {
  readonly key: string;
}
