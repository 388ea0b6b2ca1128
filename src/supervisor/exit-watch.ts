/** What a supervisor does when its process is told to end. */
export interface ExitDuty {
  /** Ends everything within its deadline. */
  shutdown(): Promise<unknown>;
  /** SIGKILL to everything in custody, at once and without waiting. Must not throw. */
  killAll(): void;
  /** Whether SIGINT, SIGTERM and SIGHUP are ours to handle. */
  readonly handlesSignals: boolean;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const sharedWatch = Symbol.for("mcp-lifecycle.exit-watch");
const duties = new Set<ExitDuty>();
let isEnding = false;

/**
 * Watches over the end of this process for as long as the duty stands; one listener a process, however many supervisors there are
 * (LP-54). Returns what takes the duty back.
 */
export function watchExit(duty: ExitDuty): () => void {
  // Shared by every copy of the package in this process: two would each take the other for the host, and nobody would end it.
  const shared = globalThis as { [key: symbol]: typeof watchHere | undefined };
  return (shared[sharedWatch] ??= watchHere)(duty);
}

function watchHere(duty: ExitDuty): () => void {
  if (duties.size === 0) process.on("exit", killAll);
  duties.add(duty);
  listenForSignals();
  return () => {
    duties.delete(duty);
    listenForSignals();
    if (duties.size === 0) process.off("exit", killAll);
  };
}

/** Listens while some supervisor wants it; a listener that is there without need would keep Ctrl-C from working. */
function listenForSignals(): void {
  const wanted = [...duties].some(({ handlesSignals }) => handlesSignals);
  for (const signal of signals) {
    process.off(signal, onSignal);
    if (wanted) process.on(signal, onSignal);
  }
}

function killAll(): void {
  for (const duty of duties) duty.killAll();
}

function onSignal(signal: NodeJS.Signals): void {
  // A host that listens itself ends itself; at its exit we kill what it left.
  if (process.listenerCount(signal) - passiveListeners() > 1) return;
  if (isEnding) {
    raise(signal);
    return;
  }
  isEnding = true;
  void shutDownAll().finally(() => {
    isEnding = false;
    raise(signal);
  });
}

/**
 * Listeners that end nothing by themselves: those of `signal-exit`, which half of npm loads. It steps back while anybody else listens;
 * to take it for the host would make the process deaf to its signals. It counts itself, so that several copies know of each other.
 */
function passiveListeners(): number {
  const counted = globalThis as { readonly [signalExit]?: { readonly count?: unknown } };
  const { __signal_exit_emitter__: former } = process as {
    readonly __signal_exit_emitter__?: { readonly count?: unknown };
  };
  return [counted[signalExit]?.count, former?.count].reduce<number>(
    (sum, count) => sum + (typeof count === "number" ? count : 0),
    0,
  );
}

const signalExit = Symbol.for("signal-exit emitter");

async function shutDownAll(): Promise<void> {
  await Promise.allSettled([...duties].filter(({ handlesSignals }) => handlesSignals).map((duty) => duty.shutdown()));
}

/** Ends the process by the same signal, so that its parent sees what it would have seen without us. */
function raise(signal: NodeJS.Signals): void {
  // A signal ends the process without an `exit` event: what was leaked, made meanwhile, or is not ours to shut down goes now.
  killAll();
  process.off(signal, onSignal);
  process.kill(process.pid, signal);
}
