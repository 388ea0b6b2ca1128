import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** One request as the server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** The JSON-RPC message, if it is one. */
  readonly message: { id?: number; method?: string; params?: { name?: string; requestId?: number } };
  readonly response: ServerResponse;
  /** Whether its response is still open. */
  readonly open: boolean;
}

export interface Loopback {
  readonly url: string;
  readonly seen: Seen[];
  /** How many requests of that kind came: an HTTP method, or the method of a message. */
  count(kind: string): number;
  /** Requests whose response is open. */
  open(): Seen[];
  stop(): void;
}

export type Answer = (request: Seen, raw: IncomingMessage, body: string) => void | Promise<void>;

/** A server on 127.0.0.1 that answers as it is told; gone at the end of the test. */
export async function startLoopback(answer: Answer): Promise<Loopback> {
  const seen: Seen[] = [];
  const server = createServer((raw, response) => {
    const take = async () => {
      const body = await read(raw);
      const request: Seen = {
        method: raw.method ?? "",
        path: raw.url ?? "",
        headers: raw.headers,
        message: parse(body),
        response,
        get open() {
          return !response.closed;
        },
      };
      seen.push(request);
      await answer(request, raw, body);
    };
    // A server that breaks is no failure of the test.
    take().catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(stop);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    seen,
    count: (kind) => seen.filter(({ method, message }) => method === kind || message.method === kind).length,
    open: () => seen.filter(({ open }) => open),
    stop,
  };
}

/** A JSON-RPC answer as `application/json`. */
export function json({ response, message }: Seen, result: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(200, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify({ jsonrpc: "2.0", id: message.id, result }));
}

/** Opens a stream of events. */
export function stream({ response }: Seen, ...events: string[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  for (const event of events) response.write(event);
}

export function status({ response }: Seen, code: number, headers: Record<string, string> = {}): void {
  response.writeHead(code, headers).end();
}

const initialized = {
  protocolVersion: "2025-11-25",
  capabilities: { tools: {} },
  serverInfo: { name: "loopback", version: "1" },
};

/**
 * The least that is an MCP server with a session; `instead` answers first and says so by returning true. Offers no stream of its own.
 */
export function mcpServer(instead: (request: Seen) => boolean | void = () => false): Answer {
  return (request) => {
    if (instead(request)) return;
    const { method, message } = request;
    if (method === "DELETE") status(request, 200);
    else if (method !== "POST") status(request, 405);
    else if (message.method === "initialize") json(request, initialized, { "mcp-session-id": "s-1" });
    else if (message.id === undefined) status(request, 202);
    else json(request, message.method === "tools/list" ? { tools: [] } : { content: [] });
  };
}

async function read(raw: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of raw) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function parse(body: string): Seen["message"] {
  try {
    return JSON.parse(body) as Seen["message"];
  } catch {
    return {};
  }
}
