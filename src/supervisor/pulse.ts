/** Lets code wait until a look at the machines gives an answer. */
export class Pulse {
  readonly #waiting = new Set<() => void>();

  /** Something may have changed. */
  beat(): void {
    for (const check of this.#waiting) check();
  }

  /** Resolves with the first answer that is not `undefined`; rejects with what `look` throws, or when the signal is aborted. */
  until<T>(look: () => T | undefined, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        this.#waiting.delete(check);
        signal?.removeEventListener("abort", stop);
        act();
      };
      const check = () => {
        try {
          const answer = look();
          if (answer !== undefined) settle(() => resolve(answer));
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const stop = () => settle(() => reject(signal?.reason));
      this.#waiting.add(check);
      signal?.addEventListener("abort", stop, { once: true });
      if (signal?.aborted) stop();
      else check();
    });
  }
}
