import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { shortGraces } from "../real/support/graces.js";
import { runGateway } from "../real/support/run-gateway.js";
import { until } from "../real/support/until.js";
import { mcpServer, startLoopback, stream } from "../transports/support/loopback.js";
import { webGateway } from "./support/web-gateway.js";

/** Offers a stream, ends it at once, and asks to be asked again so much later. */
const endsItsStream = (retryMs: number) =>
  startLoopback(
    mcpServer((request) => {
      if (request.method !== "GET") return false;
      stream(request, `retry: ${retryMs}\nid: 1\ndata:\n\n`);
      request.response.end();
      return true;
    }),
  );

test("LP-40 after the end of a session nothing is sent, and nothing is open", async () => {
  const retryMs = 100;
  const server = await endsItsStream(retryMs);
  const session = webGateway({ server: { url: server.url } }).session("chat");
  await session.run((lease) => lease.client("web"));
  await until(() => server.count("GET") > 0, "the server's stream was never asked for");
  expect((await session.end()).outcome).toBe("closed");
  const requests = server.seen.length;
  await pause(3 * retryMs);
  expect(server.seen).toHaveLength(requests);
  expect(server.open()).toEqual([]);
});

test("LP-40 no timer of a closed connection keeps the host from exiting", async () => {
  const server = await endsItsStream(30_000);
  const servers = { web: { url: server.url, lifecycle: shortGraces } };
  const startedAt = performance.now();
  const exit = await runGateway({ servers, end: "end of every session", reason: "ended" });
  expect(exit).toMatchObject({ code: 0, receipts: [{ outcome: "closed" }] });
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});
