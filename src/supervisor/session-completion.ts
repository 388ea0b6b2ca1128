import type { ClosedHow, EndRequest } from "../machines/index.js";
import type { Clock } from "../ports/index.js";
import { type CustodyRecord, receiptOf } from "./custody-record.js";
import { type ConnectionReceipt, sealed, type SessionReceipt } from "./receipts.js";

/**
 * How one generation ends, as its callers see it: `ended` settles once, at the first of proven and leaked, and a receipt never changes.
 * It lives here and not in the actor, because an actor that is done answers nobody.
 */
export class SessionCompletion {
  readonly ended: Promise<SessionReceipt>;
  readonly #clock: Clock;
  readonly #who: { readonly key: string; readonly id: string };
  readonly #proofs: ConnectionReceipt[] = [];
  #settle: (receipt: SessionReceipt) => void = () => undefined;
  #request: EndRequest | undefined;
  #beganAt = 0;
  #first: SessionReceipt | undefined;

  constructor(clock: Clock, who: { readonly key: string; readonly id: string }) {
    this.#clock = clock;
    this.#who = who;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** The end that began, if one did. */
  get request(): EndRequest | undefined {
    return this.#request;
  }

  /** The first end counts. */
  begin(request: EndRequest): void {
    if (this.#request !== undefined) return;
    this.#request = request;
    this.#beganAt = this.#clock.now();
  }

  /** A connection's record is about to go; its receipt stays. */
  proved(record: CustodyRecord, how: ClosedHow): ConnectionReceipt {
    const receipt = receiptOf(record, how);
    this.#proofs.push(receipt);
    return receipt;
  }

  /** Closed, or leaked with what is `left`. Gives the receipt if it is news, and says what kind. */
  conclude(
    how: "closed" | "leaked",
    left: readonly CustodyRecord[],
  ): { readonly kind: "receipt" | "recovered" | "forgotten"; readonly receipt: SessionReceipt } | undefined {
    if (this.#first === undefined) {
      this.#first = this.#receipt(left, {});
      this.#settle(this.#first);
      return { kind: "receipt", receipt: this.#first };
    }
    if (how === "leaked") return undefined;
    const receipt = this.#receipt(left, { recovers: this.#first.id });
    // Given up is not proved.
    return { kind: receipt.outcome === "closed" ? "recovered" : "forgotten", receipt };
  }

  #receipt(left: readonly CustodyRecord[], { recovers }: { recovers?: string }): SessionReceipt {
    const connections = [...this.#proofs, ...left.map((record) => receiptOf(record, "leaked"))];
    const { reason, cause }: EndRequest = this.#request ?? { reason: "errored", cause: "unknown" };
    return sealed({
      id: recovers === undefined ? this.#who.id : `${this.#who.id}/recovered`,
      key: this.#who.key,
      session: this.#who.id,
      reason,
      cause,
      startedAt: this.#beganAt,
      endedAt: this.#clock.now(),
      outcome: connections.some(isLeak) ? "leaked" : "closed",
      connections,
      netUsed: connections.some(({ netUsed }) => netUsed),
      recovers,
    });
  }
}

function isLeak({ outcome }: ConnectionReceipt): boolean {
  return outcome === "leaked" || outcome === "forgotten";
}
