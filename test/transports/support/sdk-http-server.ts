import { randomUUID } from "node:crypto";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { type Loopback, startLoopback } from "./loopback.js";

export interface SdkHttpServer extends Loopback {
  /** The sessions that it keeps. */
  readonly sessions: ReadonlySet<string>;
  /** Forgets them, as a restart does. */
  forgetSessions(): void;
}

/** The SDK's own server over Streamable HTTP, with sessions and a stream of its own. */
export async function startSdkHttpServer(): Promise<SdkHttpServer> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const open = async () => {
    const transport: StreamableHTTPServerTransport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void transports.set(id, transport),
      onsessionclosed: (id) => void transports.delete(id),
    });
    const server = new McpServer({ name: "sdk", version: "1.0.0" });
    server.registerTool("echo", {}, () => ({ content: [{ type: "text", text: "hi" }] }));
    server.registerTool("hang", {}, () => new Promise(() => undefined));
    server.registerTool("add-tool", {}, () => {
      server.registerTool(randomUUID(), {}, () => ({ content: [] }));
      return { content: [] };
    });
    await server.connect(transport);
    return transport;
  };
  const loopback = await startLoopback(async ({ headers, response, message }, raw) => {
    const id = headers["mcp-session-id"];
    const known = typeof id === "string" ? transports.get(id) : undefined;
    if (!known && id !== undefined) {
      response.writeHead(404).end();
      return;
    }
    const transport = known ?? (await open());
    await transport.handleRequest(raw, response, raw.method === "POST" ? message : undefined);
  });
  return {
    ...loopback,
    get sessions() {
      return new Set(transports.keys());
    },
    forgetSessions: () => transports.clear(),
  };
}
