import type { Clock } from "../ports/clock.js";

export interface Patience {
  readonly clock: Clock;
  /** By the clock. Default: none. */
  readonly deadline?: number | undefined;
}

const shortestPauseMs = 10;
const longestPauseMs = 100;

/**
 * Asks again, less and less often, until the answer is yes; once more at the deadline. Resolves with the last answer, rejects with what asking
 * throws. The one loop of all who wait for the end of processes that nobody announces.
 */
export async function repeatUntil(
  isDone: () => Promise<boolean> | boolean,
  { clock, deadline = Infinity }: Patience,
): Promise<boolean> {
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    if (await isDone()) return true;
    const leftMs = deadline - clock.now();
    if (leftMs <= 0) return false;
    await new Promise<void>((resolve) => clock.setTimeout(resolve, Math.min(pauseMs, leftMs)));
  }
}
