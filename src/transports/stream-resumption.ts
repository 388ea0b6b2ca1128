import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import { ConnectionLostError, type LifecycleError } from "../errors/index.js";
import type { Clock, TimerHandle } from "../ports/index.js";

export interface StreamResumptionOptions {
  readonly clock: Clock;
  /** Opens a stream again after that event. Rejects if it could not be opened. */
  readonly resume: (lastEventId: string) => Promise<void>;
  readonly isPending: (id: RequestId) => boolean;
  /** Answers a request whose answer cannot come any more. */
  readonly fail: (id: RequestId, error: LifecycleError) => void;
  readonly lost: (error: LifecycleError) => void;
}

/** An event stream that ended. */
export interface EndedStream {
  /** The request it was to answer; absent for the connection's own stream. */
  readonly requestId: RequestId | undefined;
  readonly lastEventId: string | undefined;
  readonly retryMs: number | undefined;
}

interface Ended extends EndedStream {
  readonly failures: number;
}

const defaultRetryMs = 1_000;
const shortestRetryMs = 100;
const longestRetryMs = 30_000;
const mostEnds = 5;
const withinMs = 60_000;
const mostFailures = 3;

/**
 * Opens event streams again after the server ended them. It is ours because the SDK's has one timer for all streams, starts counting
 * anew at every graceful end, and goes on after close (LP-40, LP-44).
 */
export class StreamResumption {
  readonly #options: StreamResumptionOptions;
  readonly #timers = new Set<TimerHandle>();
  readonly #resuming = new Map<string, RequestId>();
  #ends: number[] = [];
  #stopped = false;

  constructor(options: StreamResumptionOptions) {
    this.#options = options;
  }

  /** Streams that wait to be opened again. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Which request's answer the stream resumed after this event is to bring. */
  readonly owner = (lastEventId: string): RequestId | undefined => this.#resuming.get(lastEventId);

  ended(stream: EndedStream): void {
    this.#after({ ...stream, failures: 0 });
  }

  /** From here on nothing is opened any more. */
  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) this.#options.clock.clearTimeout(timer);
    this.#timers.clear();
    this.#resuming.clear();
  }

  #after(stream: Ended): void {
    if (this.#stopped) return;
    if (stream.requestId === undefined && this.#endsTooOften()) return;
    const { clock } = this.#options;
    const delayMs = Math.min(Math.max(stream.retryMs ?? defaultRetryMs, shortestRetryMs), longestRetryMs);
    // Also where nothing can be resumed: the answer may have come and not be read yet.
    const timer = clock.setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#resume(stream);
      },
      canResume(stream) ? delayMs : shortestRetryMs,
    );
    this.#timers.add(timer);
  }

  #resume(stream: Ended): void {
    const { requestId, lastEventId = "", failures } = stream;
    if (requestId !== undefined && !this.#options.isPending(requestId)) return;
    if (requestId !== undefined && (!canResume(stream) || failures >= mostFailures)) {
      this.#options.fail(requestId, new ConnectionLostError("the stream that was to bring the answer broke"));
      return;
    }
    if (requestId !== undefined) this.#resuming.set(lastEventId, requestId);
    const settled = this.#options.resume(lastEventId).catch(() => this.#after({ ...stream, failures: failures + 1 }));
    void settled.finally(() => this.#resuming.delete(lastEventId));
  }

  /** A server that ends the connection's own stream again and again does not want it (LP-44). */
  #endsTooOften(): boolean {
    const now = this.#options.clock.now();
    this.#ends = [...this.#ends.filter((at) => now - at < withinMs), now];
    if (this.#ends.length <= mostEnds) return false;
    this.stop();
    this.#options.lost(
      new ConnectionLostError(`its event stream ended ${this.#ends.length} times within ${withinMs} ms`),
    );
    return true;
  }
}

/** The connection's own stream can be opened anew; an answer comes only to who knows where it broke off. */
function canResume({ requestId, lastEventId }: EndedStream): boolean {
  return requestId === undefined || lastEventId !== undefined;
}
