import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-09 twenty runs that ask for a server at once start it once", async () => {
  await using gateway = await gatewayWith("slow-start");
  const session = gateway.supervisor.session("chat");
  const clients = await Promise.all(Array.from({ length: 20 }, () => session.run((lease) => lease.client("server"))));
  expect(gateway.witness.holders()).toHaveLength(1);
  expect(new Set(clients).size).toBe(1);
  const receipt = await session.end();
  await gateway.witness.gone();
  expect(receipt.connections).toHaveLength(1);
});
