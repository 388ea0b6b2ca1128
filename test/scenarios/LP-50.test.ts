import { expect } from "vitest";
import { type SeenProcess, seeProcess } from "../../src/testing/witness/seen-process.js";
import { guardedGateway, guardianOf } from "../real/support/guarded-gateway.js";
import { whenOpen } from "../real/support/run-gateway.js";
import { until } from "../real/support/until.js";
import { scenario } from "./support/scenario.js";

scenario("LP-50 the guardian is shown while it waits, and gone when a shutdown left it nothing to do", async () => {
  await using gateway = await guardedGateway();
  let guardian: SeenProcess | undefined;
  await gateway.run(
    { end: "half of its sessions, then the rest by shutdown" },
    {
      tell: async (running) => {
        await whenOpen(running);
        guardian = guardianOf(running);
      },
    },
  );
  expect(guardian?.command).toContain("mcp-lifecycle guardian");
  await gateway.allGone();
  await until(() => seeProcess(guardian?.pid ?? 0) === undefined, "the guardian stayed", 15_000);
});

scenario("LP-50 the guardian of a gateway that was killed is gone when its work is done", async () => {
  await using gateway = await guardedGateway();
  let guardian: number | undefined;
  await gateway.run(
    { end: "signal" },
    {
      tell: async (running) => {
        await whenOpen(running);
        guardian = guardianOf(running)?.pid;
        running.kill("SIGKILL");
      },
    },
  );
  expect(guardian).toBeDefined();
  await gateway.allGone();
  await until(() => seeProcess(guardian ?? 0) === undefined, "the guardian stayed", 15_000);
});
