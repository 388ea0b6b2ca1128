import { expect, test } from "vitest";
import { mcpServer, type Seen, startLoopback, status } from "../transports/support/loopback.js";
import { startSdkHttpServer } from "../transports/support/sdk-http-server.js";
import { webGateway } from "./support/web-gateway.js";

const isDelete = ({ method }: Seen) => method === "DELETE";

test("LP-38 the session that a server keeps for us is deleted before the connection is closed", async () => {
  const server = await startSdkHttpServer();
  const session = webGateway({ server: { url: server.url } }).session("chat");
  await session.run((lease) => lease.callTool("web", "echo"));
  expect(server.sessions.size).toBe(1);
  const receipt = await session.end();
  expect(server.sessions.size).toBe(0);
  expect(receipt.connections).toMatchObject([{ outcome: "closed", means: "DELETE" }]);
});

test.each([404, 405])("LP-38 a server that answers %d to a DELETE keeps nothing for us", async (code) => {
  const server = await startLoopback(mcpServer((request) => isDelete(request) && (status(request, code), true)));
  const session = webGateway({ server: { url: server.url } }).session("chat");
  await session.run((lease) => lease.client("web"));
  expect(await session.end()).toMatchObject({ outcome: "closed", connections: [{ outcome: "closed" }] });
  expect(server.count("DELETE")).toBe(1);
});

test("LP-38 a DELETE that is never answered is given up in its own time and is no success", async () => {
  const server = await startLoopback(mcpServer(isDelete));
  const gateway = webGateway({ server: { url: server.url }, lifecycle: { releaseMs: 150 } });
  const session = gateway.session("chat");
  await session.run((lease) => lease.client("web"));
  const { outcome, connections, startedAt, endedAt } = await session.end();
  expect(outcome).toBe("leaked");
  expect(connections).toMatchObject([{ outcome: "leaked", remote: { url: server.url, idKnown: true } }]);
  expect(endedAt - startedAt).toBeLessThan(2_000);
});
