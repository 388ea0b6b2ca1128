import type { ClosedHow, EndCause, EndReason } from "../machines/index.js";
import type {
  AfterCloseReport,
  ContainmentLevel,
  ExitStatus,
  ObservedProcess,
  RemoteSession,
  TransportKind,
} from "../ports/index.js";

/** Steps of a closing, as they were really taken. */
export type PhaseName =
  "settling" | "releasing" | "inputEnded" | "terminating" | "killing" | "verifying" | "afterClose";

/** One step, in the clock's milliseconds. */
export interface Phase {
  readonly name: PhaseName;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Why it did not go as it should, if it did not. */
  readonly problem?: string | undefined;
}

/** The last means that was needed, the mildest first: nothing (it was gone already, or never started), a goodbye, or force. */
export const meansInOrder = ["none", "close", "DELETE", "EOF", "SIGTERM", "SIGKILL", "cgroup.kill"] as const;

/** See `meansInOrder`. */
export type Means = (typeof meansInOrder)[number];

/** The proof for one connection, or what could not be proved. */
export interface ConnectionReceipt {
  readonly id: string;
  readonly server: string;
  readonly kind: TransportKind;
  readonly containment?: ContainmentLevel | undefined;
  readonly pid?: number | undefined;
  /**
   * `closed`: proved gone. `leaked`: not proved (yet). `unconfirmed`: nothing local is left, but an HTTP session could not be
   * deleted in five tries. `forgotten`: an operator gave it up.
   */
  readonly outcome: "closed" | "leaked" | Exclude<ClosedHow, "proved">;
  readonly wasOpen: boolean;
  readonly means: Means;
  readonly phases: readonly Phase[];
  readonly exit?: ExitStatus | undefined;
  readonly survivors: readonly ObservedProcess[];
  readonly unreaped: readonly ObservedProcess[];
  readonly doubtful: readonly ObservedProcess[];
  readonly remote?: RemoteSession | undefined;
  /** How the host's command for the proved end went, if there is one and it ran. */
  readonly afterClose?: AfterCloseReport | undefined;
  /** Calls given up because the connection closed. */
  readonly abortedCalls: number;
  /** Custody had to end it because its machine failed: a defect of this library. */
  readonly netUsed: boolean;
  /** Why the connection failed or was lost, if it did. */
  readonly failure?: string | undefined;
  /** Why an operator forgot it. */
  readonly forgotten?: string | undefined;
}

/** The proof for a session; immutable. A proof that comes after `leaked` is a second receipt that names the first. */
export interface SessionReceipt {
  readonly id: string;
  readonly key: string;
  /** Id of the generation. */
  readonly session: string;
  readonly reason: EndReason;
  readonly cause: EndCause;
  readonly startedAt: number;
  readonly endedAt: number;
  /** `leaked` if a connection is leaked, or was forgotten. */
  readonly outcome: "closed" | "leaked";
  /** Every connection the session ever had, those of its sleeps included. */
  readonly connections: readonly ConnectionReceipt[];
  readonly netUsed: boolean;
  /** Id of the receipt of the leak that this one resolves. */
  readonly recovers?: string | undefined;
}

/** Freezes a receipt and what it lists. */
export function sealed(receipt: SessionReceipt): SessionReceipt {
  for (const connection of receipt.connections) {
    for (const list of [connection.phases, connection.survivors, connection.unreaped, connection.doubtful])
      Object.freeze(list);
    Object.freeze(connection);
  }
  Object.freeze(receipt.connections);
  return Object.freeze(receipt);
}
