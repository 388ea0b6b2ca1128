import { type ErrorPlace, LifecycleError } from "./lifecycle-error.js";

/** A call did not answer within its time. Progress does not renew it (LP-53). */
export class CallTimeoutError extends LifecycleError {
  constructor(timeoutMs: number, place?: ErrorPlace) {
    super("CALL_TIMEOUT", `no answer within ${timeoutMs} ms; raise timeoutMs or lifecycle.callTimeoutMs`, place);
  }
}

/** A call in flight was given up: drained too long, its connection was closed, or the caller aborted. */
export class CallAbortedError extends LifecycleError {
  constructor(why: string, place?: ErrorPlace) {
    super("CALL_ABORTED", `call aborted: ${why}`, place);
  }
}
