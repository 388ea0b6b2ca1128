import { waitUnlessAborted } from "./wait-unless-aborted.js";

/** Lets code wait until something about a session holds that only changes when somebody says so. */
export class Watchers {
  readonly #checks = new Map<string, Set<() => void>>();

  /** Something of that session changed. */
  changed(session: string): void {
    for (const check of this.#checks.get(session) ?? []) check();
  }

  /** Resolves when `condition` holds, which is asked now and after each change of that session. Rejects if the signal is aborted first. */
  until(session: string, condition: () => boolean, signal: AbortSignal): Promise<void> {
    if (condition()) return Promise.resolve();
    return waitUnlessAborted(signal, ({ resolve }) => {
      const checks = this.#checks.get(session) ?? new Set();
      const check = () => {
        if (condition()) resolve();
      };
      this.#checks.set(session, checks.add(check));
      return () => {
        checks.delete(check);
        if (checks.size === 0) this.#checks.delete(session);
      };
    });
  }
}
