import type { Clock } from "../ports/index.js";
import { waitUnlessAborted } from "./wait-unless-aborted.js";

/** What happened to connections: a leader exited, a socket closed, an opening settled. Counted, so that no wait misses one. */
export class Stirring {
  readonly #counts = new Map<string, number>();
  readonly #waiting = new Map<string, Set<() => void>>();

  stir(id: string): void {
    this.#counts.set(id, this.count(id) + 1);
    for (const wake of this.#waiting.get(id) ?? []) wake();
  }

  count(id: string): number {
    return this.#counts.get(id) ?? 0;
  }

  /** Calls `wake` at the next stir; returns what takes that back. */
  next(id: string, wake: () => void): () => void {
    const waiters = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiters.add(wake));
    return () => {
      waiters.delete(wake);
      if (waiters.size === 0) this.#waiting.delete(id);
    };
  }

  forget(id: string): void {
    this.#counts.delete(id);
  }
}

/**
 * Resolves at the first stir of `id` after the count was `since`, or after `atMostMs`. Rejects when the signal is aborted: the
 * waiting is over, not the thing waited for.
 */
export function waitForStir(options: {
  stirring: Stirring;
  clock: Clock;
  id: string;
  since: number;
  signal: AbortSignal;
  atMostMs: number;
}): Promise<void> {
  const { stirring, clock, id, since, signal, atMostMs } = options;
  if (!signal.aborted && stirring.count(id) !== since) return Promise.resolve();
  return waitUnlessAborted(signal, ({ resolve }) => {
    const wake = () => resolve();
    const timer = clock.setTimeout(wake, atMostMs);
    const forget = stirring.next(id, wake);
    return () => {
      clock.clearTimeout(timer);
      forget();
    };
  });
}
