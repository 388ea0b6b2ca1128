import type { Ledger, LedgerEntry, RemoteLedgerEntry } from "../../ports/ledger.js";
import type { ProcessIdentity, TreeRef } from "../../ports/process-host.js";
import type { GatewayIdentity } from "../../recovery/gateway-identity.js";
import type { PortAnswers } from "./port-answers.js";
import type { VirtualDisk, VirtualLedgerRecord } from "./virtual-disk.js";

/** What a ledger can be asked, by name: each may be made to fail or to wait. */
export type LedgerMethod = "intend" | "started" | "leaked" | "kept" | "remove";

export interface VirtualLedgerOptions {
  readonly answers: PortAnswers<LedgerMethod>;
  readonly disk: VirtualDisk;
  readonly owner: GatewayIdentity;
  /** Whether a tree is started although its record could not be written. */
  readonly onFailure: "refuse" | "continue";
}

/** One gateway's ledger, in memory. How it answers stands in `answers.plans`; what fails leaves the records as they were. */
export class VirtualLedger implements Ledger {
  readonly answers: PortAnswers<LedgerMethod>;
  readonly #options: VirtualLedgerOptions;

  constructor(options: VirtualLedgerOptions) {
    this.answers = options.answers;
    this.#options = options;
  }

  /** Of all gateways. */
  get records(): readonly VirtualLedgerRecord[] {
    return this.#options.disk.records;
  }

  /** The leader of a tree, once it is on record. */
  leaderOf(connectionId: string): ProcessIdentity | undefined {
    const record = this.records.find((each) => each.connectionId === connectionId);
    return record !== undefined && "tree" in record ? record.tree?.leader : undefined;
  }

  intend(entry: LedgerEntry): Promise<void> {
    const { disk, onFailure, owner } = this.#options;
    const written = this.answers.answer("intend", () => disk.write(owner, entry));
    return onFailure === "continue" ? written.catch(() => undefined) : written;
  }

  started(connectionId: string, tree: TreeRef): Promise<void> {
    return this.answers.answer("started", () => this.#options.disk.complete(connectionId, tree));
  }

  /** Nothing reads it here: who looks from outside looks at the whole world. */
  leaked(): Promise<void> {
    return this.answers.answer("leaked", () => undefined);
  }

  kept(entry: RemoteLedgerEntry): Promise<void> {
    const { disk, owner } = this.#options;
    return this.answers.answer("kept", () => disk.write(owner, entry));
  }

  remove(connectionId: string): Promise<void> {
    return this.answers.answer("remove", () => this.#options.disk.remove(connectionId));
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
