import type { Ledger, LedgerEntry, RemoteLedgerEntry } from "../../ports/ledger.js";
import type { TreeRef } from "../../ports/process-host.js";
import type { PortAnswers } from "./port-answers.js";

export type LedgerMethod = "intend" | "started" | "kept" | "remove";

/** A record as it would stand on disk. */
export type VirtualLedgerRecord = (LedgerEntry & { readonly tree?: TreeRef | undefined }) | RemoteLedgerEntry;

/** A ledger in memory. How it answers stands in `answers.plans`; what fails leaves the records as they were. */
export class VirtualLedger implements Ledger {
  readonly answers: PortAnswers<LedgerMethod>;
  readonly #records = new Map<string, VirtualLedgerRecord>();

  constructor(answers: PortAnswers<LedgerMethod>) {
    this.answers = answers;
  }

  get records(): readonly VirtualLedgerRecord[] {
    return [...this.#records.values()];
  }

  intend(entry: LedgerEntry): Promise<void> {
    return this.answers.answer("intend", () => void this.#records.set(entry.connectionId, entry));
  }

  started(connectionId: string, tree: TreeRef): Promise<void> {
    return this.answers.answer("started", () => {
      const record = this.#records.get(connectionId);
      if (record !== undefined && "cookie" in record) this.#records.set(connectionId, { ...record, tree });
    });
  }

  kept(entry: RemoteLedgerEntry): Promise<void> {
    return this.answers.answer("kept", () => void this.#records.set(entry.connectionId, entry));
  }

  remove(connectionId: string): Promise<void> {
    return this.answers.answer("remove", () => void this.#records.delete(connectionId));
  }
}

/** What a full disk says. */
export function noSpaceError(): NodeJS.ErrnoException {
  return Object.assign(new Error("ENOSPC: no space left on device, write"), {
    code: "ENOSPC",
    errno: -28,
    syscall: "write",
  });
}
