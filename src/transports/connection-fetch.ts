import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import { EventStreamFields } from "./event-stream-fields.js";
import { describeExchange, type Exchange, type ExchangeSource } from "./exchange.js";
import { abortable, type LinkedAbort, linkedAbort } from "./linked-abort.js";
import { trackResponse } from "./tracked-response.js";

export interface ConnectionFetchOptions extends ExchangeSource {
  readonly fetch: FetchLike;
  /** Configured headers, asked at each request to the server's origin; they win, but for those that the protocol needs. */
  readonly headers: () => Promise<Readonly<Record<string, string>> | undefined>;
  /** Ends of streams are hidden from whoever reads them, who would reconnect by himself (`EventSource`). */
  readonly hideStreamEnds: boolean;
  readonly onSent?: (exchange: Exchange) => void;
  readonly onResponse?: (exchange: Exchange, response: Response) => void;
  /** The fetch itself was rejected. */
  readonly onFailed?: (exchange: Exchange, thrown: unknown) => void;
  /** The server ended an event stream, or it broke. */
  readonly onStreamEnd?: (exchange: Exchange, fields: EventStreamFields) => void;
  /** Nothing is open any more. */
  readonly onIdle: () => void;
}

interface Entry extends LinkedAbort {
  readonly exchange: Exchange;
  answered: boolean;
}

const protocolHeaders = new Set(["accept", "content-type", "last-event-id", "mcp-protocol-version", "mcp-session-id"]);

/** The one way by which anything of an HTTP connection reaches the network: counted, and closed as a whole (LP-40, LP-41). */
export class ConnectionFetch {
  readonly #options: ConnectionFetchOptions;
  readonly #entries = new Set<Entry>();
  readonly #settled = new Set<() => void>();
  #refuses = false;

  constructor(options: ConnectionFetchOptions) {
    this.#options = options;
  }

  /** Requests without an answer, and answers without an end. */
  get open(): number {
    return this.#entries.size;
  }

  /** For the SDK; rejects with an `AbortError` once the connection is fenced or closed. */
  readonly fetch: FetchLike = (url, init = {}) =>
    this.#refuses ? Promise.reject(abortError()) : this.#run(new URL(url), init, init.signal);

  /** For the goodbye, which may be said at any time; only `init.signal` aborts it. */
  readonly lastFetch: FetchLike = (url, init = {}) => this.#run(new URL(url), init, init.signal);

  /** Refuses what is new and aborts what is open, but for an initialize that waits for its answer: its session must be learned (LP-39). */
  fence(): void {
    this.#refuses = true;
    this.#abortWhere(({ exchange, answered }) => exchange.method !== "DELETE" && (!exchange.initializes || answered));
  }

  /** Refuses what is new and aborts all that is open. */
  close(): void {
    this.#refuses = true;
    this.#abortWhere(() => true);
  }

  /** Closes what is open for one JSON-RPC request (LP-43). */
  cut(requestId: RequestId): void {
    this.#abortWhere(({ exchange }) => exchange.requestId === requestId && !exchange.initializes);
  }

  /** Resolves when no initialize waits for its answer. */
  initializeSettled(): Promise<void> {
    const waits = [...this.#entries].some(({ exchange, answered }) => exchange.initializes && !answered);
    return waits ? new Promise((resolve) => this.#settled.add(resolve)) : Promise.resolve();
  }

  async #run(url: URL, init: RequestInit, signal: AbortSignal | null | undefined): Promise<Response> {
    const exchange = describeExchange(url, init, this.#options);
    // The SDK's own abort must not cut an initialize whose session would then be known to nobody.
    const abort = linkedAbort(exchange.initializes ? undefined : signal);
    const entry: Entry = { ...abort, exchange, answered: false };
    this.#entries.add(entry);
    try {
      const response = await this.#ask(url, init, entry);
      return this.#track(response, entry);
    } catch (thrown) {
      if (!entry.signal.aborted) this.#options.onFailed?.(exchange, thrown);
      throw this.#options.hideStreamEnds && exchange.listens ? abortError() : thrown;
    } finally {
      this.#answer(entry);
    }
  }

  async #ask(url: URL, init: RequestInit, entry: Entry): Promise<Response> {
    const { signal, exchange } = entry;
    let asked: Promise<Response> | undefined;
    try {
      const headers = await abortable(this.#headers(init, exchange), signal);
      signal.throwIfAborted();
      this.#options.onSent?.(exchange);
      asked = this.#options.fetch(url, { ...init, headers, signal });
      return await abortable(asked, signal);
    } catch (thrown) {
      entry.unlink();
      // A fetch that does not honour its signal is open until it has settled, and what it gives then is nobody's.
      const dropped = asked?.then((late) => late.body?.cancel()) ?? Promise.resolve();
      void dropped.catch(() => undefined).finally(() => this.#remove(entry));
      throw thrown;
    }
  }

  async #headers(init: RequestInit, { toServer }: Exchange): Promise<Headers> {
    const headers = new Headers(init.headers);
    const configured = toServer ? await this.#options.headers() : undefined;
    for (const [name, value] of Object.entries(configured ?? {})) {
      if (!protocolHeaders.has(name.toLowerCase())) headers.set(name, value);
    }
    return headers;
  }

  #track(response: Response, entry: Entry): Response {
    const { exchange, signal } = entry;
    this.#options.onResponse?.(exchange, response);
    const streams = response.ok && exchange.toServer && isEventStream(response);
    const fields = new EventStreamFields();
    const tracked = trackResponse(response, {
      signal,
      onFinish: (ended) => {
        entry.unlink();
        this.#remove(entry);
        if (streams && ended) this.#options.onStreamEnd?.(exchange, fields);
      },
      ...(streams && { onChunk: (chunk: Uint8Array) => fields.push(chunk) }),
      ...(streams && this.#options.hideStreamEnds && { endAs: abortError }),
    });
    // Nobody reads why a stream was refused (`EventSource`); unread it would stay open.
    if (exchange.listens && !response.ok) void tracked.body?.cancel();
    return tracked;
  }

  #answer(entry: Entry): void {
    entry.answered = true;
    if (!entry.exchange.initializes) return;
    for (const resolve of this.#settled) resolve();
    this.#settled.clear();
  }

  #remove(entry: Entry): void {
    if (this.#entries.delete(entry) && this.#entries.size === 0) this.#options.onIdle();
  }

  #abortWhere(matches: (entry: Entry) => boolean): void {
    for (const entry of this.#entries) if (matches(entry)) entry.abort(abortError());
  }
}

function isEventStream(response: Response): boolean {
  return response.headers.get("content-type")?.toLowerCase().startsWith("text/event-stream") ?? false;
}

function abortError(): Error {
  return new DOMException("the connection is closed", "AbortError");
}
