import { takeOver } from "./connection-port.js";
import type { CustodyRecord } from "./custody.js";
import type { SessionHandle } from "./session-handle.js";
import { portOwner } from "./session-port.js";

/** What is left of a session whose own machine is in error: custody is the net (design rule 7). */
export class SessionNet {
  readonly #session: SessionHandle;

  constructor(session: SessionHandle) {
    this.#session = session;
  }

  /** Takes every record over from its connection's machine and ends it the hard way. */
  async catchAll(error: unknown): Promise<void> {
    const { host, id } = this.#session;
    await Promise.all(host.custody.of(id).map((record) => this.#takeOver(record, error)));
    this.#concludeIfFailed();
  }

  /** One that leaked is tried again. */
  async retry(record: CustodyRecord): Promise<void> {
    await this.#takeOver(record, undefined);
    this.#concludeIfFailed();
  }

  /** An operator gives one up. */
  forget(record: CustodyRecord): void {
    const owner = portOwner(this.#session);
    owner.ended(record, "forgotten");
    this.#session.host.custody.remove(record);
    owner.removed();
    this.#concludeIfFailed();
  }

  async #takeOver(record: CustodyRecord, error: unknown): Promise<void> {
    const { custody } = this.#session.host;
    const deadline = record.state === "leaked" ? undefined : this.#session.endBy;
    await takeOver({ custody, owner: portOwner(this.#session), record, error, tools: custody, deadline });
  }

  /** A machine in error says nothing any more; what custody holds says how its end stands. */
  #concludeIfFailed(): void {
    const { host, id, view } = this.#session;
    if (view.hasFailed) this.#session.conclude(host.custody.of(id).length === 0 ? "closed" : "leaked");
  }
}
