/** An abort controller that follows other signals until it is unlinked. */
export interface LinkedAbort {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
  /** Removes every listener: a signal outlives what is linked to it (the SDK, v1, never removes its own). */
  unlink(): void;
}

/** Makes one; it starts out aborted if one of `signals` is. */
export function linkedAbort(...signals: readonly (AbortSignal | null | undefined)[]): LinkedAbort {
  const controller = new AbortController();
  const followed = signals.filter((signal) => signal instanceof AbortSignal);
  const listeners = followed.map((signal) => {
    const follow = () => controller.abort(signal.reason);
    if (signal.aborted) follow();
    else signal.addEventListener("abort", follow, { once: true });
    return () => signal.removeEventListener("abort", follow);
  });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    unlink: () => {
      for (const remove of listeners) remove();
    },
  };
}

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as it is aborted. What `work` gives after that goes to `late`,
 * so that nothing born late is nobody's.
 */
export function abortable<T>(
  work: Promise<T>,
  signal: AbortSignal,
  late: (value: T) => void = () => undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
    const settle = (action: () => void) => {
      signal.removeEventListener("abort", onAbort);
      action();
    };
    work.then(
      (value) => settle(() => (signal.aborted ? late(value) : resolve(value))),
      (thrown: unknown) => settle(() => reject(thrown)),
    );
  });
}
