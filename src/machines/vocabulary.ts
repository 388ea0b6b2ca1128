/** The four terminal states of a session. */
export const endReasons = ["ended", "reset", "timedOut", "errored"] as const;

/** One of the four terminal states. */
export type EndReason = (typeof endReasons)[number];

/** Why an end with that reason came; hosts may use strings of their own. */
export type EndCause =
  | "deleted"
  | "new"
  | "daily"
  | "compaction"
  | "run-end"
  | "parent-ended"
  | "superseded"
  | "client-lost"
  | "shutdown"
  | "restart"
  | "reset"
  | "idle"
  | "lifetime"
  | "run-failed"
  | "server-required"
  | "gateway-crashed"
  | "unknown"
  | (string & {});

/** An end, as it was first asked for. */
export interface EndRequest {
  readonly reason: EndReason;
  readonly cause: EndCause;
  /** Absolute, in the clock's milliseconds; the end is closed or leaked by then. */
  readonly deadline?: number | undefined;
  /** What made the end necessary, if it was a failure. */
  readonly error?: unknown;
}

/** Why a server has no open connection. */
export interface ServerFailure {
  readonly kind: "open-failed" | "refused" | "lost" | "leaked" | "restart-limit";
  readonly error?: unknown;
}
