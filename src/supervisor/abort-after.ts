import { CallTimeoutError, type ErrorPlace } from "../errors/index.js";
import type { Clock } from "../ports/index.js";

/** A signal that is aborted with `CallTimeoutError` after `timeoutMs` by the clock, or with `outer`; dispose it when the call is over. */
export function abortAfter(
  clock: Clock,
  timeoutMs: number,
  { outer, place }: { outer?: AbortSignal | undefined; place?: ErrorPlace | undefined } = {},
): { readonly signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const follow = () => controller.abort(outer?.reason);
  const timer = clock.setTimeout(() => controller.abort(new CallTimeoutError(timeoutMs, place)), timeoutMs);
  outer?.addEventListener("abort", follow);
  if (outer?.aborted) follow();
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      clock.clearTimeout(timer);
      outer?.removeEventListener("abort", follow);
    },
  };
}
