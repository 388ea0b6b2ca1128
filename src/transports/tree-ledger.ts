import { messageOf } from "../errors/index.js";
import type { Ledger, LedgerEntry, Logger, RemoteLedgerEntry, TreeRef } from "../ports/index.js";

/** The ledger's record of one tree; its steps are taken one after the other, however they are asked for. */
export interface TreeLedger {
  /** Rejects if the record could not be written: then nothing may be spawned. */
  intend(): Promise<void>;
  started(tree: TreeRef): void;
  leaked(): void;
  remove(): void;
}

export function createTreeLedger(ledger: Ledger, entry: LedgerEntry, logger: Logger): TreeLedger {
  const { connectionId, server } = entry;
  const steps = createSteps({ connectionId, server }, logger);
  return {
    intend: () => {
      const intended = ledger.intend(entry);
      steps.begin(intended);
      return intended;
    },
    started: (tree) => steps.next("started", () => ledger.started(connectionId, tree)),
    leaked: () => steps.next("leaked", () => ledger.leaked(connectionId)),
    remove: () => steps.next("remove", () => ledger.remove(connectionId)),
  };
}

/** The ledger's record of the session that an HTTP server keeps for a connection. */
export interface SessionLedger {
  /** Its id is known, or is another now. */
  kept(sessionId: string): void;
  remove(): void;
  /** Resolves when what was told so far is on disk, or cannot be. */
  settled(): Promise<void>;
}

export function createSessionLedger(
  ledger: Ledger,
  entry: Omit<RemoteLedgerEntry, "sessionId">,
  logger: Logger,
): SessionLedger {
  const { connectionId, server } = entry;
  const steps = createSteps({ connectionId, server }, logger);
  return {
    kept: (sessionId) => {
      steps.begin();
      steps.next("kept", () => ledger.kept({ ...entry, sessionId }));
    },
    remove: () => steps.next("remove", () => ledger.remove(connectionId)),
    settled: steps.settled,
  };
}

/** Steps after the first; without that there is no record, and nothing to change in it. What fails is logged. */
function createSteps(about: { readonly connectionId: string; readonly server: string }, logger: Logger) {
  let last: Promise<void> | undefined;
  return {
    begin: (first: Promise<void> = Promise.resolve()) => {
      last ??= first.catch(() => undefined);
    },
    next: (what: string, step: () => Promise<void>) => {
      const report = (thrown: unknown) =>
        logger.warn({ err: thrown, ...about }, `ledger.${what} failed: ${messageOf(thrown)}`);
      last = last?.then(step).catch(report);
    },
    settled: () => last ?? Promise.resolve(),
  };
}
