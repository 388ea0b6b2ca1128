import { expect, test } from "vitest";
import { rejection, until } from "../real/support/until.js";
import { mcpServer, type Seen, startLoopback, stream } from "../transports/support/loopback.js";
import { webGateway } from "./support/web-gateway.js";

const isCall = ({ message }: Seen) => message.method === "tools/call";

test("LP-43 the stream of a call that timed out is closed, and its server told", async () => {
  const server = await startLoopback(mcpServer((request) => isCall(request) && (stream(request, ": hello\n\n"), true)));
  const lease = await webGateway({ server: { url: server.url } })
    .session("chat")
    .acquire();
  const call = rejection(lease.callTool("web", "hang", {}, { timeoutMs: 200 }));
  await until(() => server.open().some(isCall), "the call was never sent");

  expect(await call).toMatchObject({ code: "CALL_TIMEOUT", server: "web" });

  await until(() => !server.open().some(isCall), "the stream of the call is open");
  await until(() => server.count("notifications/cancelled") === 1, "the server was not told");
});
