import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-27 a helper that holds no pipe is found by looking, though its server's exit looked perfect", async () => {
  await using gateway = await gatewayWith("helper-ignored-stdio", { lifecycle: { inputEndedMs: 500 } });
  const session = gateway.supervisor.session("chat");
  await session.run((lease) => lease.client("server"));
  expect(gateway.witness.holders()).toHaveLength(2);

  const receipt = await session.end();

  await gateway.witness.gone();
  expect(receipt.connections).toMatchObject([{ outcome: "closed", means: "SIGTERM", exit: { code: 0, signal: null } }]);
});
