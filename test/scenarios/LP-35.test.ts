import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-35 processes that are born while their tree is killed are looked for until there are none", async () => {
  await using gateway = await gatewayWith("forks-at-end");
  const session = gateway.supervisor.session("chat");
  await session.run((lease) => lease.client("server"));
  const receipt = await session.end();
  await gateway.witness.gone();
  expect(receipt.connections).toMatchObject([{ outcome: "closed", means: "SIGKILL", survivors: [] }]);
});
