import { LifecycleError, messageOf, OpenAbortedError, OpenFailedError, type OpenStage } from "../../errors/index.js";
import type { ClientContext } from "../../ports/transport-factory.js";

/** Calls `listener` when `signal` is aborted, at once if it is; gives back what takes the listener off again. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal?.aborted === true) listener();
  signal?.addEventListener("abort", listener, { once: true });
  return () => signal?.removeEventListener("abort", listener);
}

/** What an opening rejects with once `signal` was aborted. */
export function openAborted({ reason }: AbortSignal, context: ClientContext): OpenAbortedError {
  return new OpenAbortedError(messageOf(reason), { ...placeOf(context), cause: reason });
}

/** What an opening rejects with when something failed; an error that says so already stays as it is. */
export function openFailed(stage: OpenStage, thrown: unknown, context: ClientContext): LifecycleError {
  if (thrown instanceof OpenFailedError || thrown instanceof OpenAbortedError) return thrown;
  return new OpenFailedError(stage, `opening failed in ${stage}: ${messageOf(thrown)}`, {
    ...placeOf(context),
    cause: thrown,
  });
}

/** What `release` rejects with. */
export function releaseFailed(problem: string, context: ClientContext): LifecycleError {
  return new LifecycleError("RELEASE_FAILED", `the HTTP session was not deleted: ${problem}`, placeOf(context));
}

export function placeOf({ sessionKey, server }: ClientContext): { session: string; server: string } {
  return { session: sessionKey, server };
}
