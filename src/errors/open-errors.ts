import { type ErrorPlace, LifecycleError } from "./lifecycle-error.js";

/** The parts of an opening, in order; a failed opening names the one it failed in. */
export type OpenStage = "spawn" | "connect" | "initialize" | "list";

/** A server could not be opened. It is thrown when what the attempt started is gone, or on its way out in custody. */
export class OpenFailedError extends LifecycleError {
  readonly stage: OpenStage;

  constructor(stage: OpenStage, message: string, place?: ErrorPlace) {
    super("OPEN_FAILED", message, place);
    this.stage = stage;
  }
}

/** `connectTimeoutMs` passed before the server had been spawned, initialized and listed. */
export class ConnectTimeoutError extends LifecycleError {
  constructor(connectTimeoutMs: number, place?: ErrorPlace, hint = "") {
    const more = hint === "" ? "" : `; ${hint}`;
    super(
      "CONNECT_TIMEOUT",
      `no connection within connectTimeoutMs = ${connectTimeoutMs} ms; raise lifecycle.connectTimeoutMs if the server is only slow${more}`,
      place,
    );
  }
}

/** The opening was given up because its session ended, its server was removed, or the caller aborted. */
export class OpenAbortedError extends LifecycleError {
  constructor(why: string, place?: ErrorPlace) {
    super("OPEN_ABORTED", `opening was aborted: ${why}`, place);
  }
}

/** A connection that was open is gone: its process died, its stream broke, or the server forgot its HTTP session. */
export class ConnectionLostError extends LifecycleError {
  constructor(why: string, place?: ErrorPlace) {
    super("CONNECTION_LOST", `connection lost: ${why}; the call is not replayed, call again once it is open`, place);
  }
}

/** A tree of this server could not be proved gone, so no second one is started (invariant I11). */
export class ServerLeakedError extends LifecycleError {
  constructor(place?: ErrorPlace) {
    super(
      "SERVER_LEAKED",
      "its former connection is leaked; it opens again once that is proved gone or forgotten",
      place,
    );
  }
}

/** The server was lost or failed to open more often than its `restart` allows. */
export class RestartLimitError extends LifecycleError {
  constructor(limit: number, withinMs: number, place?: ErrorPlace) {
    super(
      "RESTART_LIMIT",
      `failed more than ${limit} times within ${withinMs} ms; see its stderr, then reload or reset`,
      place,
    );
  }
}
