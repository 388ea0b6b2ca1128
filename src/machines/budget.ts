/** How a deadline is spent; pure arithmetic on absolute milliseconds. */
export interface Budget {
  /** From here on only force is used. */
  readonly killBy: number;
  /** Closed or leaked by here. */
  readonly deadline: number;
}

/**
 * Keeps enough of the time left for killing and looking: the smaller of `verifyMs` and a third of it. Something is left always, at
 * least a millisecond: two timers that are due at once come in any order, and what was not told to die cannot be reported as leaked.
 */
export function budgetFor({ at, deadline, verifyMs }: { at: number; deadline: number; verifyMs: number }): Budget {
  const left = Math.max(1, deadline - at);
  return { killBy: at + left - Math.min(Math.max(1, verifyMs), left / 3), deadline: at + left };
}

/** How long something may run that the deadline must find stopped: two thirds of what is left from `at`, `limitMs` at most. */
export function shareOf(options: { at: number | undefined; deadline: number | undefined; limitMs: number }): number {
  const { at, deadline, limitMs } = options;
  if (at === undefined || deadline === undefined) return limitMs;
  return Math.min(limitMs, (Math.max(0, deadline - at) * 2) / 3);
}

/** Nothing ever lengthens an end: the earlier deadline wins. */
export function stricter(known: number | undefined, asked: number): number {
  return known === undefined ? asked : Math.min(known, asked);
}
