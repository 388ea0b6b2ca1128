export interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Waits for what `begin` tells its waiter. `begin` returns what takes the waiting back, which happens once, however it ends: told,
 * or with the signal's reason when that is aborted first. The waiting is over then, not the thing waited for.
 */
export function waitUnlessAborted<T>(
  signal: AbortSignal | undefined,
  begin: (waiter: Waiter<T>) => () => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const end = (settle: () => void) => {
      release();
      signal?.removeEventListener("abort", stop);
      settle();
    };
    const stop = () => end(() => reject(signal?.reason as Error));
    signal?.addEventListener("abort", stop);
    const release = begin({
      resolve: (value) => end(() => resolve(value)),
      reject: (error) => end(() => reject(error)),
    });
  });
}
