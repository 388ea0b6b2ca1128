import { isLifecycleError, messageOf, OpenAbortedError, OpenFailedError, type OpenStage } from "../errors/index.js";
import type { ClientContext } from "../ports/index.js";

export interface OpenFailure {
  readonly stage: OpenStage;
  readonly thrown: unknown;
  readonly context: ClientContext;
  /** What else is known of it, such as the last line of stderr. */
  readonly hint?: string | undefined;
}

/** What `open` rejects with when something failed. */
export function openFailed({ stage, thrown, context, hint }: OpenFailure): OpenFailedError {
  const reason = reasonOf(thrown);
  // A server that died has said so with its last words.
  const more = hint === undefined || reason.includes(hint) ? "" : `; ${hint}`;
  return new OpenFailedError(stage, `opening failed in ${stage}: ${reason}${more}`, {
    ...placeOf(context),
    cause: thrown,
  });
}

/** What `open` rejects with when it was given up. */
export function openAborted(reason: unknown, context: ClientContext): OpenAbortedError {
  if (reason instanceof OpenAbortedError) return reason;
  return new OpenAbortedError(reasonOf(reason), { ...placeOf(context), cause: reason });
}

export function placeOf({ sessionKey, server }: ClientContext): { session: string; server: string } {
  return { session: sessionKey, server };
}

/** The text of what was thrown, with its cause: "fetch failed" alone says nothing. */
export function reasonOf(thrown: unknown): string {
  const cause = thrown instanceof Error && !isLifecycleError(thrown) ? thrown.cause : undefined;
  return cause === undefined ? messageOf(thrown) : `${messageOf(thrown)}: ${describeCause(cause)}`;
}

function describeCause(cause: unknown): string {
  // An AggregateError (one refused address each) has no message of its own.
  if (cause instanceof AggregateError && cause.message === "") return cause.errors.map(messageOf).join(", ");
  return messageOf(cause);
}
