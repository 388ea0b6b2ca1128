import type { IncomingMessage, ServerResponse } from "node:http";
import type { Admittance } from "./admittance.js";

/** Lets a page of an allowed origin read the answer, and the headers that an MCP client needs of it. */
export function showToOrigin(exchange: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly admittance: Admittance;
}): void {
  const { request, response, admittance } = exchange;
  const { origin } = request.headers;
  if (!admittance.isForeignOrigin(origin)) return;
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Access-Control-Expose-Headers", "Mcp-Session-Id, Retry-After");
  response.setHeader("Vary", "Origin");
}

/** A browser asks first whether it may send what it is about to send. Says nothing to an origin that is not allowed. */
export function answerPreflight(response: ServerResponse): void {
  if (response.hasHeader("Access-Control-Allow-Origin")) {
    response.setHeader("Access-Control-Allow-Methods", "GET, POST, DELETE");
    response.setHeader(
      "Access-Control-Allow-Headers",
      "Accept, Authorization, Content-Type, Last-Event-ID, Mcp-Protocol-Version, Mcp-Session-Id",
    );
    response.setHeader("Access-Control-Max-Age", "600");
  }
  response.writeHead(204).end();
}
