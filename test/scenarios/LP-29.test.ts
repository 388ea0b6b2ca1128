import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { levels } from "./support/levels.js";
import { scenario } from "./support/scenario.js";

scenario.each(levels)(
  "LP-29 a daemon that forked twice and belongs to init ends with the server that started it, held by %s",
  async (containment) => {
    await using gateway = await gatewayWith("helper-double-fork", { containment });
    const session = gateway.supervisor.session("chat");
    await session.run((lease) => lease.client("server"));
    const pid = gateway.supervisor.inspect().sessions[0]?.connections[0]?.pid;
    const daemon = gateway.witness.holders().find((holder) => holder.pid !== pid);
    expect(daemon?.ppid, "the daemon is no daemon").not.toBe(pid);

    const receipt = await session.end();

    await gateway.witness.gone();
    expect(receipt).toMatchObject({ outcome: "closed", connections: [{ containment, survivors: [] }] });
  },
);
