import { expect, test } from "vitest";
import { rejection, until } from "../real/support/until.js";
import { json, mcpServer, type Seen, startLoopback } from "../transports/support/loopback.js";
import { webGateway } from "./support/web-gateway.js";

const isInitialize = ({ message }: Seen) => message.method === "initialize";

function answerInitialize(request: Seen): void {
  const serverInfo = { name: "late", version: "1.0.0" };
  json(request, { protocolVersion: "2025-11-25", capabilities: {}, serverInfo }, { "mcp-session-id": "late" });
}

test("LP-39 a session whose id arrives after the connect timed out is deleted all the same", async () => {
  const waiting: Seen[] = [];
  const server = await startLoopback(mcpServer((request) => isInitialize(request) && waiting.push(request) > 0));
  const lifecycle = { connectTimeoutMs: 100, settleMs: 10_000 };
  const session = webGateway({ server: { url: server.url }, lifecycle }).session("chat");
  const lease = await session.acquire();
  const failure = rejection(lease.client("web"));
  await until(() => waiting.length === 1, "initialize was never sent");
  setTimeout(() => waiting.forEach(answerInitialize), 300);

  expect(await failure).toMatchObject({ code: "CONNECT_TIMEOUT" });

  expect(server.seen.find(({ method }) => method === "DELETE")?.headers["mcp-session-id"]).toBe("late");
  expect(await session.end()).toMatchObject({ outcome: "closed", connections: [{ outcome: "closed" }] });
});

test("LP-39 a session whose id is never learned is reported as a remote leak", async () => {
  const server = await startLoopback(mcpServer(isInitialize));
  const lifecycle = { connectTimeoutMs: 100, settleMs: 100 };
  const session = webGateway({ server: { url: server.url }, lifecycle }).session("chat");
  expect(await rejection(session.run((lease) => lease.client("web")))).toMatchObject({ code: "CONNECT_TIMEOUT" });
  const receipt = await session.end();
  expect(receipt.outcome).toBe("leaked");
  expect(receipt.connections).toMatchObject([{ outcome: "leaked", remote: { url: server.url, idKnown: false } }]);
  await until(() => server.open().length === 0, "the initialize that nobody waits for is open");
});
