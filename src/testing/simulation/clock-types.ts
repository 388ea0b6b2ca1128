import type { Clock, TimerHandle } from "../../ports/clock.js";

/** How virtual time goes. */
export interface VirtualClockOptions {
  /** Events due at the same moment fire in an order drawn from this seed; without one, in the order in which they were set. */
  readonly seed?: number | undefined;
  /** Waits until nothing can happen without time; default: one turn of the event loop, which drains every microtask. */
  readonly drain?: (() => Promise<void>) | undefined;
  /** Keeps the stack of whoever armed a timer, for the sentence about one that is left. Costs some microseconds each. */
  readonly traceTimers?: boolean | undefined;
}

/** A timer of the library that has not fired and was not cleared. */
export interface PendingTimer {
  /** Absolute, in virtual milliseconds. */
  readonly at: number;
  readonly delayMs: number;
  /** Whether it keeps the host alive. */
  readonly ref: boolean;
  /** Who armed it; with `traceTimers` only. */
  readonly stack?: string | undefined;
}

/** Where a run of virtual time stops that does not settle. */
export interface RunLimits {
  /** Gives up after so much virtual time; default a day. */
  readonly limitMs?: number | undefined;
  /** Gives up after so many events; default 100 000. */
  readonly limitSteps?: number | undefined;
}

/** A clock that what happens by itself goes by, too. */
export interface WorldClock extends Clock {
  /** Something the world does by itself `delayMs` from now; not listed among the timers. `clearTimeout` takes it back. */
  schedule(run: () => void, delayMs: number): TimerHandle;
}
