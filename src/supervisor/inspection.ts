import type { ContainmentLevel, GuardianStatus, LedgerStatus, Recovery, TransportKind } from "../ports/index.js";
import { type CustodyRecord, holdsTree } from "./custody-record.js";
import type { Custody } from "./custody.js";
import type { SessionHandle } from "./session-handle.js";

/** Everything a supervisor holds, as plain data; no secrets in it. */
export interface Inspection {
  readonly sessions: readonly InspectedSession[];
  /** What the limits are compared with, derived from state. */
  readonly admission: { readonly liveSessions: number; readonly trees: number };
  /** How often custody had to stand in for a machine; any number but 0 is a defect of this library. */
  readonly netUsed: number;
  /** What stands ready for the case that this process dies. The guardian is a process of ours, and the only one that is no server's. */
  readonly recovery: { readonly ledger: LedgerStatus; readonly guardian: GuardianStatus };
}

/** One generation that is not closed. */
export interface InspectedSession {
  readonly key: string;
  readonly id: string;
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly leases: readonly InspectedLease[];
  readonly connections: readonly InspectedConnection[];
}

/** A lease that is held. */
export interface InspectedLease {
  readonly id: string;
  readonly acquiredAt: number;
  /** Stack of whoever acquired it, if the supervisor was made with `traceLeases`. */
  readonly acquiredBy?: string | undefined;
}

/** A connection in custody. */
export interface InspectedConnection {
  readonly id: string;
  readonly server: string;
  readonly kind: TransportKind;
  readonly state: CustodyRecord["state"];
  readonly containment?: ContainmentLevel | undefined;
  readonly pid?: number | undefined;
  readonly callsInFlight: number;
}

/** Reads it all, now. */
export function inspect(handles: Iterable<SessionHandle>, custody: Custody, recovery: Recovery): Inspection {
  const sessions = [...handles];
  return {
    sessions: sessions.map((session) => ({
      key: session.key,
      id: session.id,
      state: session.state,
      tags: session.tags,
      leases: session.leases.inspect(),
      connections: custody.of(session.id).map(inspectConnection),
    })),
    admission: {
      liveSessions: sessions.filter((session) => session.view.isLive).length,
      trees: custody.all().filter(holdsTree).length,
    },
    netUsed: custody.netUses,
    recovery: { ledger: recovery.ledger, guardian: recovery.guardian },
  };
}

function inspectConnection({ id, server, handle, state, calls }: CustodyRecord): InspectedConnection {
  const { kind, containment, pid } = handle;
  return { id, server, kind, state, containment, pid, callsInFlight: calls.inFlight };
}
