import type { RequestId } from "@modelcontextprotocol/sdk/types.js";

/** One request of a connection, as far as its life depends on what it is. */
export interface Exchange {
  readonly method: string;
  /** Whether it goes to the server, not to one that gives out tokens. */
  readonly toServer: boolean;
  /** Whether it carries the id of a session. */
  readonly inSession: boolean;
  readonly initializes: boolean;
  /** Whether it asks for a stream of events of its own. */
  readonly listens: boolean;
  /** The JSON-RPC request it carries, or whose answer it asks for. */
  readonly requestId: RequestId | undefined;
  readonly lastEventId: string | undefined;
}

export interface ExchangeSource {
  readonly endpoint: URL;
  /** Whose answer a stream resumed after this event is for. */
  readonly resumes?: (lastEventId: string) => RequestId | undefined;
}

/** Tells it from what the SDK gives to its fetch. */
export function describeExchange(url: URL, init: RequestInit, { endpoint, resumes }: ExchangeSource): Exchange {
  const headers = new Headers(init.headers);
  const lastEventId = headers.get("last-event-id") ?? undefined;
  const message = init.method === "POST" ? parseRequest(init.body) : undefined;
  return {
    method: init.method ?? "GET",
    toServer: url.origin === endpoint.origin,
    inSession: headers.has("mcp-session-id"),
    initializes: message?.method === "initialize",
    listens: init.method !== "POST" && headers.get("accept") === "text/event-stream",
    requestId: lastEventId === undefined ? message?.id : resumes?.(lastEventId),
    lastEventId,
  };
}

function parseRequest(body: unknown): { id?: RequestId; method?: string } | undefined {
  if (typeof body !== "string" || !body.startsWith("{")) return undefined;
  try {
    return JSON.parse(body) as { id?: RequestId; method?: string };
  } catch {
    return undefined;
  }
}
