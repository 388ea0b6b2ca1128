import type { Clock, TimerHandle } from "../../ports/index.js";

/** Whether a client is there: it is while it has a request or a stream open, and for some time after the last one. */
export class Presence {
  readonly #clock: Clock;
  readonly #lostMs: number;
  readonly #onLost: () => void;
  #open = 0;
  #timer: TimerHandle;
  #lastSeenAt: number;
  #isOver = false;

  /** `lostMs` of 0 never takes a client for lost. */
  constructor({ clock, lostMs, onLost }: { clock: Clock; lostMs: number; onLost: () => void }) {
    this.#clock = clock;
    this.#lostMs = lostMs;
    this.#onLost = onLost;
    this.#lastSeenAt = clock.now();
  }

  get lastSeenAt(): number {
    return this.#open > 0 ? this.#clock.now() : this.#lastSeenAt;
  }

  /** Requests and streams that are open. */
  get open(): number {
    return this.#open;
  }

  enter(): void {
    this.#open += 1;
    this.#clock.clearTimeout(this.#timer);
  }

  leave(): void {
    this.#open -= 1;
    this.#lastSeenAt = this.#clock.now();
    if (this.#open > 0 || this.#isOver || this.#lostMs === 0) return;
    this.#timer = this.#clock.setTimeout(this.#onLost, this.#lostMs);
  }

  /** Nobody waits for it any more. */
  stop(): void {
    this.#isOver = true;
    this.#clock.clearTimeout(this.#timer);
  }
}
