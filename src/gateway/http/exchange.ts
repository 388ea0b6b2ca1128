import type { IncomingMessage, ServerResponse } from "node:http";
import { ErrorCode } from "@modelcontextprotocol/sdk/types.js";

/** One HTTP request, let in, and its response. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** What stood in the place of `:name` in the route's path. */
  readonly params: Readonly<Record<string, string>>;
  /** Address of whoever asks; what limits per client are counted by. */
  readonly client: string;
}

/** What answers one method of one path. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** `/sessions/:key/reset`; a `:name` stands for one segment. */
  readonly path: string;
  /** Answered without the token. Nothing that is not everybody's to know may be said here. */
  readonly isPublic?: boolean | undefined;
  /** Open for as long as its client likes: limited by `limits.connections`, not by `limits.requests`. */
  readonly isStream?: boolean | undefined;
  /** What it throws is answered with 500 and logged. */
  answer(exchange: Exchange): void | Promise<void>;
}

/** Why a request is not served. */
export interface Refusal {
  readonly status: number;
  /** For programs; in the body as `error.data.code`. */
  readonly code: string;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Writes JSON, unless the response is over or under way. */
export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
  write(response, { status, value });
}

/** Writes why not, as a JSON-RPC error: clients of `/mcp` read nothing else. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  const { status, code, message, headers } = refusal;
  write(response, {
    status,
    headers,
    value: { jsonrpc: "2.0", id: null, error: { code: rpcCodes[code] ?? -32_000, message, data: { code } } },
  });
}

const rpcCodes: Readonly<Record<string, number>> = {
  SESSION_NOT_FOUND: -32_001,
  BAD_JSON: ErrorCode.ParseError,
  BAD_MESSAGE: ErrorCode.InvalidRequest,
};

/** The rest of the request is read and dropped: cut in the middle, its sender would not see why. */
export function refuseRest({ request, response }: Pick<Exchange, "request" | "response">, refusal: Refusal): void {
  refuse(response, refusal);
  request.resume();
}

interface Answer {
  readonly status: number;
  readonly value: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

function write(response: ServerResponse, { status, value, headers }: Answer): void {
  if (response.headersSent || response.destroyed) return;
  const body = JSON.stringify(value);
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    ...headers,
  });
  response.end(body);
}
