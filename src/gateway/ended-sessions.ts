import type { Supervisor } from "../supervisor/face.js";
import type { SessionReceipt } from "../supervisor/receipts.js";

/** The receipts of the sessions that ended last, newest first. */
export class EndedSessions {
  readonly #kept: number;
  #receipts: readonly SessionReceipt[] = [];

  constructor(supervisor: Supervisor, { kept }: { kept: number }) {
    this.#kept = kept;
    for (const event of ["receipt", "recovered", "forgotten"] as const) {
      supervisor.on(event, (receipt) => this.#keep(receipt));
    }
  }

  get receipts(): readonly SessionReceipt[] {
    return this.#receipts;
  }

  #keep(receipt: SessionReceipt): void {
    this.#receipts = [receipt, ...this.#receipts].slice(0, this.#kept);
  }
}
