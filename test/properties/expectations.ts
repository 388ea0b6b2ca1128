import { isLifecycleError, messageOf } from "../../src/errors/index.js";
import type { Clock } from "../../src/ports/index.js";

interface Expectation {
  readonly what: string;
  settledAt?: number;
}

/** The host's own failure; all others have to be the library's. */
export class HostError extends Error {}

/** What a host was promised and does not wait for: it settles in time, and fails with nothing but typed errors. */
export class Expectations {
  readonly #clock: Clock;
  readonly #all: Expectation[] = [];
  readonly #failures: string[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Settles as `work` does, but with undefined if that fails. */
  async of<T>(what: string, work: Promise<T>, withinMs = Number.POSITIVE_INFINITY): Promise<T | undefined> {
    const askedAt = this.#clock.now();
    const expectation: Expectation = { what: `${what} of ${askedAt} ms` };
    this.#all.push(expectation);
    try {
      return await work;
    } catch (error) {
      if (!isLifecycleError(error) && !(error instanceof HostError))
        this.#failures.push(`${expectation.what} failed with an untyped error: ${messageOf(error)}`);
      return undefined;
    } finally {
      expectation.settledAt = this.#clock.now();
      const tookMs = expectation.settledAt - askedAt;
      if (tookMs > withinMs) this.#failures.push(`${expectation.what} took ${tookMs} ms, not ${withinMs} ms`);
    }
  }

  /** One sentence for each promise that failed as none may, or was kept too late. */
  get failures(): readonly string[] {
    return this.#failures;
  }

  /** The same, and one for each that was never kept. */
  get disappointments(): readonly string[] {
    const open = this.#all.filter(({ settledAt }) => settledAt === undefined);
    return [...this.#failures, ...open.map(({ what }) => `${what} never settled`)];
  }
}
