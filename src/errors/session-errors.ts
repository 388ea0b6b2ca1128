import { type ErrorPlace, LifecycleError } from "./lifecycle-error.js";

/** The session's end has begun (or it is retiring for good): no acquire, client or call is accepted. `state` says which. */
export class SessionEndedError extends LifecycleError {
  readonly state: string;

  constructor(state: string, place?: ErrorPlace) {
    super("SESSION_ENDED", `the session is ${state}; take supervisor.session(key) for its next generation`, place);
    this.state = state;
  }
}

/** The supervisor is shutting down or has shut down. */
export class SupervisorShutdownError extends LifecycleError {
  constructor(place?: ErrorPlace) {
    super("SHUTDOWN", "the supervisor is shutting down; nothing is admitted any more", place);
  }
}

/** A configured limit is reached; `limit` names the option, `value` is what it is set to. */
export class AdmissionError extends LifecycleError {
  readonly limit: string;
  readonly value: number;

  constructor(limit: string, value: number, place?: ErrorPlace) {
    super("ADMISSION", `limits.${limit} = ${value} is reached; end a session, or raise the limit`, place);
    this.limit = limit;
    this.value = value;
  }
}

/** The lease was released; it answers nothing any more. */
export class LeaseReleasedError extends LifecycleError {
  constructor(place?: ErrorPlace) {
    super("LEASE_RELEASED", "the lease was released; acquire another one", place);
  }
}

/** The session has no server of that name. */
export class UnknownServerError extends LifecycleError {
  constructor(known: readonly string[], place?: ErrorPlace) {
    super("UNKNOWN_SERVER", `no such server; configured are: ${known.join(", ") || "none"}`, place);
  }
}

/** An id given to `forget` names nothing that is leaked. */
export class UnknownConnectionError extends LifecycleError {
  constructor(id: string) {
    super("UNKNOWN_CONNECTION", `no leaked connection "${id}"; inspect() lists them`);
  }
}
