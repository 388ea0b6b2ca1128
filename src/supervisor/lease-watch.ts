import type { TimerHandle } from "../ports/index.js";
import type { LeaseHandle } from "./lease-handle.js";
import type { SessionHandle } from "./session-handle.js";

/** Tells of leases that are held longer than `leaseWarnMs`, once each, and of their return (LP-14). It ends nothing. */
export class LeaseWatch {
  readonly #session: SessionHandle;
  readonly #timers = new Map<LeaseHandle, TimerHandle>();
  readonly #overdue = new Set<LeaseHandle>();

  constructor(session: SessionHandle) {
    this.#session = session;
  }

  taken(lease: LeaseHandle): void {
    const { clock, leaseWarnMs } = this.#session.host;
    const report = () => {
      this.#timers.delete(lease);
      this.#overdue.add(lease);
      this.#announce(lease, "overdue");
    };
    this.#timers.set(lease, clock.setUnrefTimeout(report, leaseWarnMs));
  }

  returned(lease: LeaseHandle): void {
    this.#session.host.clock.clearTimeout(this.#timers.get(lease));
    this.#timers.delete(lease);
    if (this.#overdue.delete(lease)) this.#announce(lease, "returned");
  }

  /** Every timer goes, and what was reported is taken back. */
  dispose(): void {
    for (const lease of [...this.#timers.keys(), ...this.#overdue]) this.returned(lease);
  }

  #announce({ id, acquiredAt, acquiredBy }: LeaseHandle, state: "overdue" | "returned"): void {
    const moment = this.#session.moment();
    const heldMs = moment.at - acquiredAt;
    this.#session.host.events.emit("lease", { ...moment, lease: id, state, heldMs, acquiredBy });
  }
}
