import type { Clock, TimerHandle } from "../ports/index.js";
import type { CustodyRecord } from "./custody.js";
import type { SessionHandle } from "./session-handle.js";

const firstMs = 1_000;
const longestMs = 60_000;

/**
 * Tries leaked connections again, later and later. Its timers do not keep the host alive: a leak is no reason for a gateway that has
 * nothing left to do to stay.
 */
export class LeakRetry {
  readonly #clock: Clock;
  readonly #tries = new Map<string, number>();
  readonly #timers = new Map<string, TimerHandle>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  later(session: SessionHandle, record: CustodyRecord): void {
    const { id } = record;
    const tries = this.#tries.get(id) ?? 0;
    this.#tries.set(id, tries + 1);
    const delayMs = Math.min(firstMs * 2 ** tries, longestMs);
    const retry = () => {
      this.#timers.delete(id);
      session.retry(record);
    };
    this.#clock.clearTimeout(this.#timers.get(id));
    this.#timers.set(id, this.#clock.setUnrefTimeout(retry, delayMs));
  }

  /** It is proved gone, or given up. */
  forget(id: string): void {
    this.#clock.clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#tries.delete(id);
  }
}
