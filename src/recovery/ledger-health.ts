import { messageOf } from "../errors/index.js";
import type { LedgerStatus, Logger } from "../ports/index.js";

/** Whether records can be written: warned of once when it begins, counted each time. */
export class LedgerHealth {
  readonly #folder: string;
  readonly #logger: Logger;
  #failures = 0;
  #problem: string | undefined;
  /** Told when the state changes. */
  onChange: (status: LedgerStatus) => void = () => undefined;

  constructor(folder: string, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
  }

  get status(): LedgerStatus {
    const state = this.#problem === undefined ? "kept" : "degraded";
    return { state, folder: this.#folder, failures: this.#failures, problem: this.#problem };
  }

  failed(thrown: unknown, { server, consequence }: { server: string; consequence: string }): void {
    const isNews = this.#problem === undefined;
    this.#failures += 1;
    this.#problem = messageOf(thrown);
    const fields = { err: thrown, server, failures: this.#failures };
    const message = `the ledger in ${this.#folder} cannot be written: ${this.#problem}; ${consequence}`;
    if (isNews) this.#logger.warn(fields, message);
    else this.#logger.debug(fields, message);
    if (isNews) this.onChange(this.status);
  }

  written(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#logger.info({ failures: this.#failures }, `the ledger in ${this.#folder} can be written again`);
    this.onChange(this.status);
  }
}
