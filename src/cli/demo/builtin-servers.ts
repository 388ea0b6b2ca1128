import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import * as z from "zod";
import { hostileServer, hostileServers, type HostileServerName } from "../../testing/hostile/index.js";
import { demoLifecycle, hostileLifecycle, type DemoServer, type DemoTool } from "./demo-server.js";

const echo: DemoTool = { name: "echo", arguments: { message: "hello" } };

/** The servers that come with this package: one in this process, and three that misbehave. */
export function builtinServers(): readonly DemoServer[] {
  return [
    {
      name: "in-memory",
      note: "a server in this process",
      config: { type: "in-memory", createServer: createEchoServer, lifecycle: demoLifecycle },
      tool: echo,
    },
    hostile("deaf", "ignores-everything"),
    hostile("browser-like", "helper-detached"),
    hostile("lost-wrapper", "wrapper-exits", ["--wrapper-delay=3000"]),
  ];
}

function hostile(name: string, kind: HostileServerName, flags: readonly string[] = []): DemoServer {
  const config = { ...hostileServer(kind, { flags }), lifecycle: hostileLifecycle };
  return { name, note: hostileServers[kind].description, config, tool: echo };
}

function createEchoServer(): McpServer {
  const server = new McpServer({ name: "in-memory", version: "1.0.0" });
  server.registerTool("echo", { description: "Echoes", inputSchema: { message: z.string() } }, ({ message }) => ({
    content: [{ type: "text", text: message }],
  }));
  return server;
}
