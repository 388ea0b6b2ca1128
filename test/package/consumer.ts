import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import {
  createSupervisor,
  isLifecycleError,
  type ServerMap,
  SessionEndedError,
  type SessionReceipt,
} from "mcp-lifecycle";
import { hostileServer } from "mcp-lifecycle/testing";

const { command, args, env } = hostileServer("ignores-eof");
const lifecycle = { inputEndedMs: 100, terminatingMs: 500 };
const servers: ServerMap = {
  here: { type: "in-memory", createServer },
  hostile: { command, args, env, lifecycle },
};

const supervisor = createSupervisor({ servers });
const session = supervisor.session("chat:1");
const answers = await session.run(async (lease) => {
  const results = ["here", "hostile"].map((server) => lease.callTool(server, "echo", { message: server }));
  return await Promise.all(results);
});
const receipt: SessionReceipt = await session.end({ reason: "ended", cause: "deleted" });
const refused = await session.acquire().then(
  () => "was given",
  (error: unknown) => isLifecycleError(error) && error instanceof SessionEndedError && error.state,
);
const report = await supervisor.shutdown({ deadlineMs: 5_000 });

process.stdout.write(
  JSON.stringify({
    answers,
    outcome: receipt.outcome,
    means: Object.fromEntries(receipt.connections.map(({ server, means }) => [server, means])),
    refused,
    leaked: report.leaked,
  }),
);

function createServer(): McpServer {
  const server = new McpServer({ name: "here", version: "1.0.0" });
  server.registerTool("echo", {}, () => ({ content: [{ type: "text", text: "here" }] }));
  return server;
}
