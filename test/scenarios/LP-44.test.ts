import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { until } from "../real/support/until.js";
import { mcpServer, startLoopback, stream } from "../transports/support/loopback.js";
import { webGateway } from "./support/web-gateway.js";

const retryMs = 20;
/** One stream, and so often again. */
const streamsAtMost = 6;

test("LP-44 a server that keeps ending its stream politely is lost after a few times, deleted, and left alone", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method !== "GET") return false;
      stream(request, `retry: ${retryMs}\nid: 1\ndata:\n\n`);
      request.response.end();
      return true;
    }),
  );
  const gateway = webGateway({ server: { url: server.url } });
  const session = gateway.session("chat");
  await session.run((lease) => lease.client("web"));

  const isGone = () => gateway.inspect().sessions[0]?.connections.length === 0;
  await until(isGone, () => `${server.count("GET")} streams and never lost`);

  expect(server.count("GET")).toBe(streamsAtMost);
  expect(server.count("DELETE")).toBe(1);
  await pause(10 * retryMs);
  expect(server.count("GET")).toBe(streamsAtMost);
  expect((await session.end()).connections).toMatchObject([{ outcome: "closed", failure: expect.any(String) }]);
});
