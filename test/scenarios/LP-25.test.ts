import { expect } from "vitest";
import { forcedMeans } from "../real/support/forced-means.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario.each([
  ["goes at the end of its input", "well-behaved", "EOF", { code: 0, signal: null }],
  ["ignores the end of its input", "ignores-eof", "SIGTERM", { code: null, signal: "SIGTERM" }],
  ["ignores SIGTERM too", "ignores-everything", forcedMeans, { code: null, signal: "SIGKILL" }],
] as const)("LP-25 a server that %s is ended by no more than it needs", async (_how, name, means, exit) => {
  await using gateway = await gatewayWith(name, {
    lifecycle: { inputEndedMs: means === "EOF" ? 10_000 : 150, terminatingMs: means === "SIGTERM" ? 10_000 : 150 },
  });
  const session = gateway.supervisor.session("chat");
  await session.run((lease) => lease.client("server"));
  const receipt = await session.end();
  await gateway.witness.gone();
  expect(receipt.connections).toMatchObject([{ outcome: "closed", means, exit }]);
});

scenario("LP-25 a server that cleans up after SIGTERM gets the grace it was configured with", async () => {
  const lifecycle = { inputEndedMs: 0, terminatingMs: 10_000 };
  await using gateway = await gatewayWith("slow-term", { flags: ["--term-delay=600"], lifecycle });
  const session = gateway.supervisor.session("chat");
  await session.run((lease) => lease.client("server"));
  const { connections } = await session.end();
  await gateway.witness.gone();
  expect(connections).toMatchObject([{ means: "SIGTERM", exit: { code: 0, signal: null } }]);
});
