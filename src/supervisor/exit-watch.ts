/** What a supervisor does when its process is told to end. */
export interface ExitDuty {
  /** Ends everything within its deadline. */
  shutdown(): Promise<unknown>;
  /** SIGKILL to everything in custody, at once and without waiting. Must not throw. */
  killAll(): void;
  /** Whether SIGINT, SIGTERM and SIGHUP are ours to handle. */
  readonly handlesSignals: boolean;
}

/** What is watched of a process. */
export type WatchedProcess = Pick<NodeJS.Process, "pid" | "kill" | "on" | "off" | "listenerCount">;

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const sharedWatch = Symbol.for("mcp-lifecycle.exit-watch");

/**
 * Watches over the end of this process for as long as the duty stands; one listener a process, however many supervisors there are
 * (LP-54). Returns what takes the duty back.
 */
export function watchExit(duty: ExitDuty): () => void {
  // Shared by every copy of the package in this process: two would each take the other for the host, and nobody would end it.
  const shared = globalThis as { [key: symbol]: typeof watchExit | undefined };
  return (shared[sharedWatch] ??= watchOver(process))(duty);
}

/** The watch over one process, for all duties in it. */
export function watchOver(watched: WatchedProcess): typeof watchExit {
  const watch = new ExitWatch(watched);
  return (duty) => watch.begin(duty);
}

class ExitWatch {
  readonly #process: WatchedProcess;
  readonly #duties = new Set<ExitDuty>();
  #isEnding = false;

  constructor(watched: WatchedProcess) {
    this.#process = watched;
  }

  begin(duty: ExitDuty): () => void {
    if (this.#duties.size === 0) this.#process.on("exit", this.#killAll);
    this.#duties.add(duty);
    this.#listenForSignals();
    return () => {
      this.#duties.delete(duty);
      this.#listenForSignals();
      if (this.#duties.size === 0) this.#process.off("exit", this.#killAll);
    };
  }

  /** Listens while some supervisor wants it; a listener that is there without need would keep Ctrl-C from working. */
  #listenForSignals(): void {
    const wanted = [...this.#duties].some(({ handlesSignals }) => handlesSignals);
    for (const signal of signals) {
      this.#process.off(signal, this.#onSignal);
      if (wanted) this.#process.on(signal, this.#onSignal);
    }
  }

  readonly #killAll = (): void => {
    for (const duty of this.#duties) duty.killAll();
  };

  readonly #onSignal = (signal: NodeJS.Signals): void => {
    // A host that listens itself ends itself; at its exit we kill what it left.
    if (this.#process.listenerCount(signal) - passiveListeners(this.#process) > 1) return;
    if (this.#isEnding) {
      this.#raise(signal);
      return;
    }
    this.#isEnding = true;
    void this.#shutDownAll().finally(() => {
      this.#isEnding = false;
      this.#raise(signal);
    });
  };

  async #shutDownAll(): Promise<void> {
    const ours = [...this.#duties].filter(({ handlesSignals }) => handlesSignals);
    await Promise.allSettled(ours.map((duty) => duty.shutdown()));
  }

  /** Ends the process by the same signal, so that its parent sees what it would have seen without us. */
  #raise(signal: NodeJS.Signals): void {
    // A signal ends the process without an `exit` event: what was leaked, made meanwhile, or is not ours to shut down goes now.
    this.#killAll();
    this.#process.off(signal, this.#onSignal);
    this.#process.kill(this.#process.pid, signal);
  }
}

const signalExit = Symbol.for("signal-exit emitter");

/**
 * Listeners that end nothing by themselves: those of `signal-exit`, which half of npm loads. It steps back while anybody else listens;
 * to take it for the host would make the process deaf to its signals. It counts itself, so that several copies know of each other.
 */
function passiveListeners(watched: WatchedProcess): number {
  const today = globalThis as { readonly [signalExit]?: { readonly count?: unknown } };
  const before = watched as { readonly __signal_exit_emitter__?: { readonly count?: unknown } };
  return [today[signalExit]?.count, before.__signal_exit_emitter__?.count].reduce<number>(
    (sum, count) => sum + (typeof count === "number" ? count : 0),
    0,
  );
}
