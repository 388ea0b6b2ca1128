import type { Inspection, SessionReceipt } from "../../index.js";
import type { OwnedProcess } from "./process-count.js";
import type { SessionPlan } from "./session-plan.js";
import type { TableRow } from "./table.js";

/** What the live table is made of. */
export interface Sight {
  readonly inspection: Inspection;
  /** Last known state of each connection, by session key and server. */
  readonly connections: ReadonlyMap<string, string>;
  /** By session key. */
  readonly receipts: ReadonlyMap<string, SessionReceipt>;
  /** `undefined` where the process table cannot be read. */
  readonly processes: readonly OwnedProcess[] | undefined;
}

/** Key of a connection in `Sight.connections`. */
export function connectionKey(session: string, server: string): string {
  return JSON.stringify([session, server]);
}

/** States are the supervisor's; the number of processes is the process table's. */
export function liveRows(plans: readonly SessionPlan[], sight: Sight): readonly TableRow[] {
  const { inspection, connections, receipts, processes } = sight;
  return plans.flatMap(({ key, servers }) => {
    const receipt = receipts.get(key);
    const state = inspection.sessions.find((session) => session.key === key)?.state ?? "";
    return servers.map(({ name }) => ({
      session: key,
      sessionState: receipt === undefined ? state : `${receipt.reason}: ${receipt.outcome}`,
      server: name,
      connection: receipt === undefined ? (connections.get(connectionKey(key, name)) ?? "") : proofOf(receipt, name),
      processes: processes?.filter(({ owner }) => owner.session === key && owner.server === name).length,
    }));
  });
}

function proofOf({ connections }: SessionReceipt, name: string): string {
  const proofs = connections.filter(({ server }) => server === name);
  return proofs.map(({ outcome, means }) => (means === "none" ? outcome : `${outcome} by ${means}`)).join(", ");
}
