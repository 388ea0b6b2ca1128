import { endReasons, type EndReason } from "../../src/machines/index.js";
import type { ConnectionReceipt, SessionReceipt } from "../../src/supervisor/receipts.js";
import type { Supervisor } from "../../src/index.js";

/** What a supervisor announced of its own accord; says when an end began. */
export class Announcements {
  readonly receipts: SessionReceipt[] = [];
  readonly recoveries: SessionReceipt[] = [];
  readonly #states = new Map<string, string[]>();

  constructor(supervisor: Supervisor, onEnd: (session: string) => void = () => undefined) {
    supervisor.on("session", ({ session, state }) => {
      this.#states.set(session, [...(this.#states.get(session) ?? []), state]);
      if (reasonOf(state) !== undefined) onEnd(session);
    });
    supervisor.on("receipt", (receipt) => this.receipts.push(receipt));
    supervisor.on("recovered", (receipt) => this.recoveries.push(receipt));
    supervisor.on("forgotten", (receipt) => this.recoveries.push(receipt));
  }

  /** How often a session entered the part of a terminal state that disposes. */
  disposals(session: string): number {
    return (this.#states.get(session) ?? []).filter((state) => state.endsWith(".disposing")).length;
  }

  /** Every terminal state that a session was in. */
  reasons(session: string): ReadonlySet<EndReason> {
    return new Set((this.#states.get(session) ?? []).flatMap((state) => reasonOf(state) ?? []));
  }

  /** The last word on each connection. */
  get lastReceipts(): readonly ConnectionReceipt[] {
    const all = [...this.receipts, ...this.recoveries].flatMap(({ connections }) => connections);
    return [...new Map(all.map((receipt) => [receipt.id, receipt])).values()];
  }
}

function reasonOf(state: string): EndReason | undefined {
  return endReasons.find((reason) => state.startsWith(`${reason}.`));
}
