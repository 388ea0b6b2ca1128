import { expect } from "vitest";
import type { Lease } from "../../src/index.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

const runs: Readonly<Record<string, (lease: Lease) => unknown>> = {
  "returns an answer": (lease) => lease.callTool("server", "echo"),
  "throws an error of its own": async (lease) => {
    await lease.client("server");
    throw new Error("the run's own");
  },
  "gets no answer in time": (lease) => lease.callTool("server", "hang", {}, { timeoutMs: 100 }),
  "is cancelled": async (lease) => {
    await lease.client("server");
    await lease.callTool("server", "hang", {}, { signal: AbortSignal.timeout(100) });
  },
  "loses its server": (lease) => lease.callTool("server", "crash"),
};

scenario.each(Object.entries(runs))("LP-02 a run that %s leaves no process", async (_how, run) => {
  await using gateway = await gatewayWith("ignores-eof");
  const session = gateway.supervisor.session("cron", { oneShot: true });
  await session.run(run).catch(() => undefined);

  const receipt = await session.ended;

  await gateway.witness.gone();
  expect(receipt).toMatchObject({ outcome: "closed", netUsed: false });
});
