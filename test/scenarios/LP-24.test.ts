import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario.each([
  ["a shell that waits for its server", "shell-wrapper"],
  ["a wrapper that passes no signal on, as npx", "wrapper-waits"],
  ["a wrapper that exits before its server", "wrapper-exits"],
  ["a wrapper that is killed before its server", "wrapper-killed"],
] as const)("LP-24 of %s and its server neither is left", async (_what, name) => {
  await using gateway = await gatewayWith(name);
  const session = gateway.supervisor.session("chat");
  // Where the wrapper goes by itself, that may be before the server has answered.
  await session.run((lease) => lease.client("server").catch(() => undefined));
  const receipt = await session.end();
  await gateway.witness.gone();
  expect(receipt).toMatchObject({ outcome: "closed", netUsed: false, connections: [{ survivors: [] }] });
});
