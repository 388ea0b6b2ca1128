import type { SessionContext, SessionEvent } from "./session-types.js";
import type { EndReason, EndRequest } from "./vocabulary.js";

/**
 * Which end an event asks for in a context; `undefined` if none. The statechart says in which states it is asked at all. Every
 * way into a terminal state passes here, so that there is one place that maps what happened to a reason and a cause.
 */
export function requestedEnd(context: SessionContext, event: SessionEvent): EndRequest | undefined {
  switch (event.type) {
    case "END":
      return { reason: event.reason, cause: event.cause, deadline: event.deadline };
    case "RETIRE":
      return { reason: event.reason, cause: event.cause };
    case "IDLE":
      return { reason: "timedOut", cause: "idle" };
    case "LIFETIME":
      return { reason: "timedOut", cause: "lifetime" };
    case "RUNTIME.REQUIRED_FAILED":
      return { reason: "errored", cause: "server-required", error: event.failure.error };
    case "RELEASE":
      return isLastLease(context, event.lease) ? endAtLastRelease(context, event) : undefined;
    default:
      return ownEventsEnd(context, event.type);
  }
}

/** Whether nobody holds the session once this lease is released. */
export function isLastLease({ leases }: SessionContext, lease: string): boolean {
  return leases.length === 1 && leases[0] === lease;
}

/**
 * Milliseconds until the idle deadline, which counts from the end of the last call and not from the release (LP-05). None while a
 * call is in flight, lease or not (LP-07).
 */
export function idleLeft({ lastUse, callsInFlight, timings }: SessionContext, at: number): number {
  if (timings.idleTimeoutMs === 0 || callsInFlight > 0) return Number.POSITIVE_INFINITY;
  return lastUse + timings.idleTimeoutMs - at;
}

/** Events that XState makes: a delay that passed, an actor in error. */
function ownEventsEnd(context: SessionContext, type: string): EndRequest | undefined {
  if (type.startsWith("xstate.after.retireLimit")) return context.retirement;
  return type.startsWith("xstate.error.actor.") ? end("errored", "unknown") : undefined;
}

/** The end that waits for the last release: a retirement, a one-shot's run, or a deadline that passed under a lease. */
function endAtLastRelease(
  context: SessionContext,
  { at, failed }: Extract<SessionEvent, { type: "RELEASE" }>,
): EndRequest | undefined {
  if (context.retirement) return context.retirement;
  if (context.oneShot) return failed ? end("errored", "run-failed") : end("ended", "run-end");
  if (context.lifetimeIsOver) return end("timedOut", "lifetime");
  if (idleLeft(context, at) <= 0) return end("timedOut", "idle");
  return undefined;
}

function end(reason: EndReason, cause: EndRequest["cause"]): EndRequest {
  return { reason, cause };
}
