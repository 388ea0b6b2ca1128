/** What ends a command early. */
export interface Interruption extends Disposable {
  /** Aborted at the first signal. */
  readonly signal: AbortSignal;
  /** The signal and the exit code that shells give it; `undefined` as long as there was none. */
  cause(): InterruptionCause | undefined;
}

export interface InterruptionCause {
  readonly name: string;
  readonly exitCode: number;
}

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Listens for Ctrl-C and the like. A second one exits at once: what is open is then killed on the way out, without a receipt. `onHangup` is asked
 * first about a SIGHUP, and says whether it took it for something else.
 */
export function listenForInterruption({ onHangup = () => false }: { onHangup?: () => boolean } = {}): Interruption {
  const controller = new AbortController();
  let cause: InterruptionCause | undefined;
  const interrupt = (name: keyof typeof exitCodes) => {
    if (name === "SIGHUP" && cause === undefined && onHangup()) return;
    if (cause !== undefined) process.exit(cause.exitCode);
    cause = { name, exitCode: exitCodes[name] };
    controller.abort();
  };
  // Whoever read the output is gone (`| head`): nobody sees the rest.
  const closed = () => {
    cause ??= { name: "the output was closed", exitCode: exitCodes.SIGHUP };
    controller.abort();
  };
  const signals = Object.keys(exitCodes) as (keyof typeof exitCodes)[];
  for (const name of signals) process.on(name, interrupt);
  process.stdout.on("error", closed);
  return {
    signal: controller.signal,
    cause: () => cause,
    [Symbol.dispose]: () => {
      for (const name of signals) process.removeListener(name, interrupt);
    },
  };
}
