import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario.each(["detached", "cleared-env-detached"])(
  "LP-28 a browser that a call started in a session of its own (%s) ends with its server",
  async (helper) => {
    await using gateway = await gatewayWith("well-behaved");
    const session = gateway.supervisor.session("chat");
    await session.run((lease) => lease.callTool("server", "launch", { helper }));
    expect(gateway.witness.holders()).toHaveLength(2);
    const receipt = await session.end();
    await gateway.witness.gone();
    expect(receipt).toMatchObject({ outcome: "closed", connections: [{ survivors: [], doubtful: [] }] });
  },
);
