import type { InspectedLease } from "./inspection.js";
import { LeaseHandle } from "./lease-handle.js";
import { LeaseWatch } from "./lease-watch.js";
import type { SessionHandle } from "./session-handle.js";

/** The leases of one session. Whether one is granted is for the machine to say. */
export class SessionLeases {
  readonly #session: SessionHandle;
  readonly #held = new Map<string, LeaseHandle>();
  #watch: LeaseWatch | undefined;
  #count = 0;

  constructor(session: SessionHandle) {
    this.#session = session;
  }

  async acquire(): Promise<LeaseHandle> {
    const session = this.#session;
    const { host, servers } = session;
    // For the leak report only. Its text is not made before somebody reads it: making it costs more than acquiring does.
    const trace = host.traceLeases ? new Error("acquired here") : undefined;
    // No await where none is needed: acquiring is ownership from its first instant (LP-06).
    if (servers.isPending) await this.#unlessEnded(servers.resolve());
    host.admit(session);
    const id = `lease.${(this.#count += 1)}`;
    const acquiredAt = host.clock.now();
    session.send({ type: "ACQUIRE", lease: id, at: acquiredAt });
    // XState drops an event that no state handles without a word; a lease that is not there was refused.
    if (!session.view.snapshot.context.leases.includes(id)) throw session.endedError();
    const lease = new LeaseHandle({ id, session, acquiredAt, trace });
    this.#held.set(id, lease);
    if (host.leaseWarnMs > 0) (this.#watch ??= new LeaseWatch(session)).taken(lease);
    return lease;
  }

  release(lease: LeaseHandle, failed: boolean): void {
    this.#held.delete(lease.id);
    this.#watch?.returned(lease);
    this.#session.send({ type: "RELEASE", lease: lease.id, at: this.#session.host.clock.now(), failed });
  }

  inspect(): readonly InspectedLease[] {
    return [...this.#held.values()].map(({ id, acquiredAt, acquiredBy }) => ({ id, acquiredAt, acquiredBy }));
  }

  /** The session is over: nobody needs to be told any more who holds it. */
  dispose(): void {
    this.#watch?.dispose();
  }

  /** Whoever waits for a function of the host is refused when the session ends; the function may never answer. */
  async #unlessEnded(work: Promise<void>): Promise<void> {
    const session = this.#session;
    const stop = new AbortController();
    const ended = session.pulse.until(() => {
      if (session.isEnding) throw session.endedError();
      return undefined;
    }, stop.signal);
    try {
      await Promise.race([work, ended]);
    } finally {
      stop.abort();
      ended.catch(() => undefined);
    }
  }
}
