import { expect, test } from "vitest";
import { guardedGateway, recordsIn } from "../real/support/guarded-gateway.js";
import { runGateway, whenOpen } from "../real/support/run-gateway.js";
import { until } from "../real/support/until.js";
import { startSdkHttpServer } from "../transports/support/sdk-http-server.js";
import { scenario } from "./support/scenario.js";

scenario("LP-45 a gateway that is killed leaves no process, though nobody starts it again", async () => {
  await using gateway = await guardedGateway();
  const exit = await gateway.run(
    { end: "signal" },
    {
      tell: async (running) => {
        await whenOpen(running);
        expect(gateway.stubborn.witness.isHeld).toBe(true);
        running.kill("SIGKILL");
      },
    },
  );
  expect(exit).toMatchObject({ code: null, signal: "SIGKILL" });
  await gateway.allGone();
});

test("LP-45 a gateway that is killed leaves no session with an HTTP server", async () => {
  await using gateway = await guardedGateway();
  const server = await startSdkHttpServer();
  const ledger = { directory: gateway.directory };
  await runGateway(
    { servers: { web: { url: server.url } }, ledger, end: "signal" },
    {
      tell: async (running) => {
        await whenOpen(running);
        expect(server.sessions.size).toBe(1);
        running.kill("SIGKILL");
      },
    },
  );
  await until(() => server.sessions.size === 0, "the server still keeps the session", 15_000);
  await until(() => recordsIn(gateway.directory).length === 0, "its record stayed", 15_000);
});
