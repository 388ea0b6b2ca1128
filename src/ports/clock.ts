/** Time, as the library knows it. Every timer and every reading of the time goes through one of these. */
export interface Clock {
  /** Milliseconds since some fixed moment; never goes backwards. */
  now(): number;
  /** Calls `callback` once, `delayMs` (below 2^31) from now. Keeps the process alive until then (LP-32). */
  setTimeout(callback: () => void, delayMs: number): TimerHandle;
  /** The same, but does not keep the process alive. For what may be dropped when the host has nothing left to do. */
  setUnrefTimeout(callback: () => void, delayMs: number): TimerHandle;
  clearTimeout(timer: TimerHandle): void;
}

/** What a clock gives for a timer; only the clock that gave it knows what is in it. */
export type TimerHandle = unknown;
