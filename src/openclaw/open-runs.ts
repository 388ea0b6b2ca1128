import type { Clock, Logger, TimerHandle } from "../ports/index.js";
import type { ManagedRuntime } from "./session-runtime.js";

interface OpenRun {
  readonly runtime: ManagedRuntime;
  readonly release: () => void;
  timer: TimerHandle;
}

/**
 * The runs of OpenClaw 2026.4.9, which takes no leases: a run begins with `getOrCreate` and ends with the hook `agent_end`. One that fails
 * before its prompt has no end that anybody is told of, so a run in which nothing was used for `limitMs` counts as over.
 */
export class OpenRuns {
  readonly #runs = new Map<string, OpenRun>();
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #limitMs: number;

  constructor(parts: { clock: Clock; logger: Logger; limitMs: number }) {
    this.#clock = parts.clock;
    this.#logger = parts.logger;
    this.#limitMs = parts.limitMs;
  }

  /** Claims the session for a run; OpenClaw has one at a time in a session. Rejects with what `Session.acquire` rejects with. */
  async begin(runtime: ManagedRuntime): Promise<void> {
    const { sessionId } = runtime;
    if (this.#runs.get(sessionId)?.runtime === runtime) {
      // Another attempt of the same run, or the next run of one whose end was not told: a claim that is taken anew counts as use.
      runtime.acquireLease()();
      return;
    }
    this.end(sessionId);
    const { granted, release } = runtime.claims.claim();
    this.#runs.set(sessionId, { runtime, release, timer: this.#watch(runtime, this.#limitMs) });
    try {
      await granted;
    } catch (error) {
      this.end(sessionId);
      throw error;
    }
  }

  end(sessionId: string): void {
    const run = this.#runs.get(sessionId);
    if (run === undefined) return;
    this.#runs.delete(sessionId);
    this.#clock.clearTimeout(run.timer);
    run.release();
  }

  #watch(runtime: ManagedRuntime, delayMs: number): TimerHandle {
    const usedAt = runtime.lastUsedAt;
    return this.#clock.setUnrefTimeout(() => {
      const run = this.#runs.get(runtime.sessionId);
      if (run?.runtime !== runtime) return;
      if (runtime.lastUsedAt !== usedAt) {
        run.timer = this.#watch(runtime, this.#limitMs);
        return;
      }
      this.#logger.warn(
        { session: runtime.sessionId },
        `no end of its run was told for ${this.#limitMs} ms; it counts as over`,
      );
      this.end(runtime.sessionId);
    }, delayMs);
  }
}
