import { messageOf } from "../errors/index.js";
import type { Ledger, LedgerEntry, Logger, TreeRef } from "../ports/index.js";

/** The ledger's record of one tree; its steps are taken one after the other, however they are asked for. */
export interface TreeLedger {
  /** Rejects if the record could not be written: then nothing may be spawned. */
  intend(): Promise<void>;
  started(tree: TreeRef): void;
  remove(): void;
}

export function createTreeLedger(ledger: Ledger, entry: LedgerEntry, logger: Logger): TreeLedger {
  let last: Promise<void> | undefined;
  const then = (what: string, step: () => Promise<void>) => {
    const report = (thrown: unknown) =>
      logger.warn({ err: thrown, ...entry }, `ledger.${what} failed: ${messageOf(thrown)}`);
    // Without an intent there is no record, and nothing to change in it.
    last = last?.then(step).catch(report);
  };
  return {
    intend: () => {
      const intended = ledger.intend(entry);
      last = intended.catch(() => undefined);
      return intended;
    },
    started: (tree) => then("started", () => ledger.started(entry.connectionId, tree)),
    remove: () => then("remove", () => ledger.remove(entry.connectionId)),
  };
}
