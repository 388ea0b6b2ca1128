import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario.each([
  ["idle", { idleTimeoutMs: 50 }],
  ["lifetime", { maxLifetimeMs: 50 }],
] as const)("LP-17 a session whose client went without a word ends by its %s limit", async (cause, limits) => {
  await using gateway = await gatewayWith("ignores-eof");
  const session = gateway.supervisor.session("chat", limits);
  await session.run((lease) => lease.client("server"));
  expect(await session.ended).toMatchObject({ reason: "timedOut", cause, outcome: "closed" });
  await gateway.witness.gone();
});

scenario("LP-17 a host that notices a lost client ends its session with all its runs", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const session = gateway.supervisor.session("chat");
  const lease = await session.acquire();
  await lease.client("server");
  expect(await session.end({ cause: "client-lost" })).toMatchObject({ cause: "client-lost", outcome: "closed" });
  await gateway.witness.gone();
});
