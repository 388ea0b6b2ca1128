import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { shortGraces } from "./graces.js";
import type { Subject, SubjectKind } from "./subject.js";
import { until } from "./until.js";

type Handle = (request: IncomingMessage, response: ServerResponse) => Promise<void> | void;
type Sessions = Map<string, { handle: Handle }>;

const hang = { tool: "hang", args: {} };

/** The SDK's own server in this process: it knows its sessions and what of ours is open, and says so. */
export const httpKind: SubjectKind = {
  name: "a Streamable HTTP server",
  opens: "for good",
  losableLeader: false,
  call: hang,
  start: ({ stalls }) => startHttpSubject({ type: "http", stalls, route: streamableHttp }),
};

export const sseKind: SubjectKind = {
  name: "an SSE server",
  opens: "for good",
  losableLeader: false,
  call: hang,
  start: ({ stalls }) => startHttpSubject({ type: "sse", stalls, route: sse }),
};

type Route = (sessions: Sessions, connect: (transport: Transport) => Promise<void>) => Handle;

async function startHttpSubject(options: { type: "http" | "sse"; stalls: boolean; route: Route }): Promise<Subject> {
  const sessions: Sessions = new Map();
  const open = new Set<ServerResponse>();
  let requests = 0;
  let isListing = false;
  const connect = async (transport: Transport) => {
    const server = new McpServer({ name: "real", version: "1.0.0" });
    server.registerTool("hang", {}, () => new Promise(() => undefined));
    server.registerTool("echo", {}, () => ({ content: [] }));
    if (options.stalls)
      server.server.setRequestHandler(ListToolsRequestSchema, () => {
        isListing = true;
        return new Promise(() => undefined);
      });
    await server.connect(transport);
  };
  const handle = options.route(sessions, connect);
  const server = createServer((request, response) => {
    requests += 1;
    open.add(response);
    response.once("close", () => open.delete(response));
    void handle(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    config: {
      type: options.type,
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
      lifecycle: shortGraces,
    },
    begun: () => until(() => (options.stalls ? isListing : requests > 0), "no request came"),
    remember: () => undefined,
    touched: async () => requests > 0,
    nothingLeft: async () => {
      if (requests === 0) throw new Error("no request ever came; that nothing is open now proves nothing");
      const problem = () => `the server still keeps ${sessions.size} sessions and ${open.size} open responses`;
      // What was closed on one end of a socket a moment ago is known on the other a moment later.
      await until(() => sessions.size === 0 && open.size === 0, problem, 1_000);
    },
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function streamableHttp(sessions: Sessions, connect: (transport: Transport) => Promise<void>): Handle {
  return async (request, response) => {
    const id = request.headers["mcp-session-id"];
    const known = typeof id === "string" ? sessions.get(id) : undefined;
    if (known) return known.handle(request, response);
    if (id !== undefined) return void response.writeHead(404).end();
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) =>
        void sessions.set(session, { handle: (...next) => transport.handleRequest(...next) }),
      onsessionclosed: (session) => void sessions.delete(session),
    });
    await connect(transport);
    await transport.handleRequest(request, response);
  };
}

function sse(sessions: Sessions, connect: (transport: Transport) => Promise<void>): Handle {
  return async (request, response) => {
    const id = new URL(request.url ?? "", "http://localhost").searchParams.get("sessionId");
    if (id !== null) {
      const known = sessions.get(id);
      return known ? known.handle(request, response) : void response.writeHead(404).end();
    }
    if (request.method !== "GET") return void response.writeHead(405).end();
    const transport = new SSEServerTransport("/mcp", response);
    sessions.set(transport.sessionId, { handle: (...next) => transport.handlePostMessage(...next) });
    response.once("close", () => sessions.delete(transport.sessionId));
    await connect(transport);
  };
}
