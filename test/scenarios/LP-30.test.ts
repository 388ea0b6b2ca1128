import { expect } from "vitest";
import { killLeader } from "../real/support/kill.js";
import { until } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-30 the death of a server starts the closing of what it left, and nobody has to ask for it", async () => {
  await using gateway = await gatewayWith("helper-ignored-stdio");
  const session = gateway.supervisor.session("chat");
  await session.run((lease) => lease.client("server"));

  killLeader(gateway.supervisor.inspect().sessions[0]?.connections[0]?.pid);

  await until(() => !gateway.witness.isHeld, "the helper of the dead server lives");
  await until(() => gateway.supervisor.inspect().admission.trees === 0, "the dead tree is still counted");
  expect(session.state).toBe("active.live.idle");
  const { connections } = await session.end();
  expect(connections).toMatchObject([{ outcome: "closed", exit: { signal: "SIGKILL" }, failure: expect.any(String) }]);
});
