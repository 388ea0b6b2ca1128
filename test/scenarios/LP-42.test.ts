import { expect, test } from "vitest";
import { rejection, until } from "../real/support/until.js";
import { startSdkHttpServer } from "../transports/support/sdk-http-server.js";
import { webGateway } from "./support/web-gateway.js";

test("LP-42 a session that its server forgot is replaced by a new one, and the call that found out is not replayed", async () => {
  const server = await startSdkHttpServer();
  const gateway = webGateway({ server: { url: server.url } });
  const lease = await gateway.session("chat").acquire();
  await lease.client("web");
  await until(() => server.count("GET") === 1, "the server's own stream was never opened");
  const [expired] = server.sessions;
  server.forgetSessions();

  expect(await rejection(lease.callTool("web", "echo"))).toMatchObject({ code: "CONNECTION_LOST" });

  expect(server.count("tools/call")).toBe(1);
  expect(await lease.callTool("web", "echo")).toMatchObject({ content: [{ text: "hi" }] });
  expect([...server.sessions]).not.toContain(expired);
  expect(server.sessions.size).toBe(1);
  await gateway.shutdown();
  expect(server.sessions.size).toBe(0);
});
