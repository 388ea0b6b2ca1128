import { waitUnlessAborted } from "./wait-unless-aborted.js";

/** Lets code wait until a look at the machines gives an answer. */
export class Pulse {
  readonly #waiting = new Set<() => void>();

  /** Something may have changed. */
  beat(): void {
    for (const check of this.#waiting) check();
  }

  /** Resolves with the first answer that is not `undefined`; rejects with what `look` throws, or when the signal is aborted. */
  async until<T>(look: () => T | undefined, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    const answer = look();
    if (answer !== undefined) return answer;
    return await waitUnlessAborted<T>(signal, ({ resolve, reject }) => {
      const check = () => {
        try {
          const later = look();
          if (later !== undefined) resolve(later);
        } catch (error) {
          reject(error);
        }
      };
      this.#waiting.add(check);
      return () => this.#waiting.delete(check);
    });
  }
}
