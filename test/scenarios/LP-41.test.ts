import { expect, test } from "vitest";
import { rejection, until } from "../real/support/until.js";
import { startLoopback, status, stream } from "../transports/support/loopback.js";
import { slowAuth } from "../transports/support/slow-auth.js";
import { webGateway } from "./support/web-gateway.js";

test("LP-41 an SSE server that never says where to write to is given up in time, and its stream with it", async () => {
  const server = await startLoopback((request) => stream(request, ": hello\n\n"));
  const gateway = webGateway({ server: { type: "sse", url: server.url }, lifecycle: { connectTimeoutMs: 150 } });
  const session = gateway.session("chat");
  expect(await rejection(session.run((lease) => lease.client("web")))).toMatchObject({ code: "CONNECT_TIMEOUT" });
  await until(() => server.open().length === 0, "the stream outlives the failure");
  expect((await session.end()).outcome).toBe("closed");
  expect(server.seen).toHaveLength(1);
});

test("LP-41 an end during the refresh of a token is the end: no stream is opened afterwards", async () => {
  const server = await startLoopback((request) => status(request, request.path === "/mcp" ? 401 : 404));
  const auth = slowAuth();
  const gateway = webGateway({ server: { type: "sse", url: server.url, authProvider: auth.provider } });
  const session = gateway.session("chat");
  const opening = rejection(session.run((lease) => lease.client("web")));
  await auth.hangs;

  const receipt = await session.end();

  expect(receipt.outcome).toBe("closed");
  expect(await opening).toMatchObject({ code: "SESSION_ENDED" });
  const requests = server.seen.length;
  auth.goOn();
  await auth.failed;
  expect(server.seen).toHaveLength(requests);
});
