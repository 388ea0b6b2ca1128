import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { levels } from "./support/levels.js";
import { scenario } from "./support/scenario.js";

scenario.each(levels)(
  "LP-35 processes that are born while their tree is killed are looked for until there are none, held by %s",
  async (containment) => {
    await using gateway = await gatewayWith("forks-at-end", { containment });
    const session = gateway.supervisor.session("chat");
    await session.run((lease) => lease.client("server"));
    const receipt = await session.end();
    await gateway.witness.gone();
    expect(receipt.connections).toMatchObject([
      { outcome: "closed", means: containment === "cgroup" ? "cgroup.kill" : "SIGKILL", survivors: [] },
    ]);
  },
);
