import { isInitializeRequest } from "@modelcontextprotocol/sdk/types.js";
import type { Clock } from "../../ports/index.js";
import { atMost } from "../../processes/at-most.js";
import type { HttpSession } from "../sessions/http-session.js";
import type { HttpSessions } from "../sessions/http-sessions.js";
import { readMessages } from "../streams/protocol-rules.js";
import { readJson } from "./body.js";
import { type Exchange, type Refusal, refuse, refuseRest, type Route } from "./exchange.js";

/** How long a DELETE waits for the proof before it says that the end is under way. */
const proofMs = 2_000;

interface McpRouteOptions {
  readonly bodyBytes: number;
  readonly clock: Clock;
}

/** The protocol's own path: Streamable HTTP, revision 2025-11-25. */
export function mcpRoutes(sessions: HttpSessions, { bodyBytes, clock }: McpRouteOptions): readonly Route[] {
  const path = "/mcp";
  const ofSession = (exchange: Exchange) => findSession(sessions, exchange);

  const post = async (exchange: Exchange) => {
    const body = await readJson(exchange.request, bodyBytes);
    if ("refusal" in body) return refuseRest(exchange, body.refusal);
    const refusal = await receive(exchange, body.value);
    if (refusal !== undefined) refuse(exchange.response, refusal);
  };
  const receive = async (exchange: Exchange, body: unknown) => {
    const read = readMessages(exchange.request, body);
    const isFirst = exchange.request.headers["mcp-session-id"] === undefined && isInitializeRequest(body);
    if (isFirst) return "refusal" in read ? read.refusal : await sessions.open(exchange, read.messages);
    const session = ofSession(exchange);
    if ("status" in session) return session;
    return "refusal" in read ? read.refusal : session.receive(exchange, read.messages);
  };
  const get = (exchange: Exchange) => {
    const session = ofSession(exchange);
    const refusal = "status" in session ? session : session.listen(exchange);
    if (refusal !== undefined) refuse(exchange.response, refusal);
  };
  const end = async (exchange: Exchange) => {
    const session = ofSession(exchange);
    if ("status" in session) return refuse(exchange.response, session);
    const isProved = await isProvedWithin(session, proofMs, clock);
    exchange.response.writeHead(isProved ? 200 : 202, { "Content-Length": 0 }).end();
  };
  return [
    { method: "POST", path, answer: post },
    { method: "GET", path, isStream: true, answer: get },
    { method: "DELETE", path, answer: end },
  ];
}

function findSession(sessions: HttpSessions, { request }: Exchange): HttpSession | Refusal {
  const id = request.headers["mcp-session-id"];
  if (id === undefined) return noSessionId;
  return (typeof id === "string" ? sessions.byId(id) : undefined) ?? unknownSession;
}

/** 200 says that nothing is left; where that takes longer, 202 says that it goes on. */
async function isProvedWithin(session: HttpSession, limitMs: number, clock: Clock): Promise<boolean> {
  let isProved = false;
  const ended = session.core.end({ reason: "ended", cause: "deleted" });
  await atMost(
    ended.then(({ outcome }) => (isProved = outcome === "closed")),
    limitMs,
    clock,
  );
  return isProved;
}

const noSessionId: Refusal = {
  status: 400,
  code: "NO_SESSION_ID",
  message: "Bad Request: Mcp-Session-Id header is required for everything but initialize",
};

/** What a client answers with a new initialize (2025-11-25, transports). */
const unknownSession: Refusal = {
  status: 404,
  code: "SESSION_NOT_FOUND",
  message: "Session not found: it ended, or never was; initialize anew",
};
