import type { TimerHandle } from "../../ports/clock.js";
import type { WorldClock } from "./clock-types.js";

/** Time as one gateway has it: what was armed here is gone when the gateway is, and nothing is armed any more. */
export class GatewayClock implements WorldClock {
  readonly #clock: WorldClock;
  readonly #armed = new Set<TimerHandle>();
  #isStopped = false;

  constructor(clock: WorldClock) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock.now();
  }

  setTimeout(callback: () => void, delayMs: number): TimerHandle {
    return this.#arm(callback, (run) => this.#clock.setTimeout(run, delayMs));
  }

  setUnrefTimeout(callback: () => void, delayMs: number): TimerHandle {
    return this.#arm(callback, (run) => this.#clock.setUnrefTimeout(run, delayMs));
  }

  schedule(run: () => void, delayMs: number): TimerHandle {
    return this.#arm(run, (once) => this.#clock.schedule(once, delayMs));
  }

  clearTimeout(timer: TimerHandle): void {
    this.#armed.delete(timer);
    this.#clock.clearTimeout(timer);
  }

  stop(): void {
    this.#isStopped = true;
    for (const timer of this.#armed) this.#clock.clearTimeout(timer);
    this.#armed.clear();
  }

  #arm(callback: () => void, arm: (run: () => void) => TimerHandle): TimerHandle {
    if (this.#isStopped) return undefined;
    const timer = arm(() => {
      this.#armed.delete(timer);
      callback();
    });
    this.#armed.add(timer);
    return timer;
  }
}
