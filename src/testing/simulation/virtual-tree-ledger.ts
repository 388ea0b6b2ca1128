import type { Ledger, LedgerEntry } from "../../ports/ledger.js";
import type { TreeRef } from "../../ports/process-host.js";

/** The ledger's record of one tree, written as a real stdio connection writes it: one step after the other. */
export class VirtualTreeLedger {
  readonly #ledger: Ledger;
  readonly #entry: LedgerEntry;
  #last: Promise<unknown> | undefined;

  constructor(ledger: Ledger, entry: LedgerEntry) {
    this.#ledger = ledger;
    this.#entry = entry;
  }

  /** Rejects as the ledger does; then nothing may be spawned. */
  intend(): Promise<void> {
    const intended = this.#ledger.intend(this.#entry);
    this.#last = intended.catch(() => undefined);
    return intended;
  }

  started(tree: TreeRef): void {
    this.#then(() => this.#ledger.started(this.#entry.connectionId, tree));
  }

  leaked(): void {
    this.#then(() => this.#ledger.leaked(this.#entry.connectionId));
  }

  remove(): void {
    this.#then(() => this.#ledger.remove(this.#entry.connectionId));
  }

  #then(step: () => Promise<void>): void {
    this.#last = this.#last?.then(step).catch(() => undefined);
  }
}
