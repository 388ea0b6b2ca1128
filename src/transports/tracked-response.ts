export interface Tracking {
  /** Ends the body at once, whether the fetch underneath honours its own signal or not (LP-40). */
  readonly signal: AbortSignal;
  readonly onChunk?: (chunk: Uint8Array) => void;
  /** Nothing of the response is open any more; `ended` tells that the other side ended it, well or with an error. Once. */
  readonly onFinish: (ended: boolean) => void;
  /** What the reader of the body gets instead of its end, where the end is not to be seen. */
  readonly endAs?: () => Error;
}

const nullBodyStatuses = [101, 204, 205, 304];

/** The same response with a body that tells when it is over. */
export function trackResponse(response: Response, tracking: Tracking): Response {
  const { body, status, statusText, headers } = response;
  if (!body || nullBodyStatuses.includes(status)) {
    tracking.onFinish(true);
    return response;
  }
  const tracked = new Response(trackBody(body, tracking), { status, statusText, headers });
  // A response that was made, not fetched, has no address; redirects and event streams need it.
  Object.defineProperties(tracked, { url: { value: response.url }, redirected: { value: response.redirected } });
  return tracked;
}

function trackBody(
  body: ReadableStream<Uint8Array>,
  { signal, onChunk, onFinish, endAs }: Tracking,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let finished = false;
  let stop: (() => void) | undefined;
  const finish = (ended: boolean) => {
    if (finished) return;
    finished = true;
    if (stop) signal.removeEventListener("abort", stop);
    onFinish(ended);
  };
  const release = async (reason: unknown) => {
    try {
      await reader.cancel(reason);
    } catch {
      // It was broken already: over all the same.
    }
    finish(false);
  };
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        stop = () => {
          controller.error(signal.reason);
          void release(signal.reason);
        };
        if (signal.aborted) stop();
        else signal.addEventListener("abort", stop, { once: true });
      },
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (signal.aborted) return;
          if (!done) {
            onChunk?.(value);
            controller.enqueue(value);
            return;
          }
          finish(true);
          if (endAs) controller.error(endAs());
          else controller.close();
        } catch (thrown) {
          if (signal.aborted) return;
          finish(true);
          controller.error(endAs?.() ?? thrown);
        }
      },
      cancel: release,
    },
    { highWaterMark: 0 },
  );
}
