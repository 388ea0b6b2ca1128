import { expect } from "vitest";
import { seeEnvironment } from "../../src/testing/witness/seen-process.js";
import { gatewayWith } from "./support/gateway.js";
import { levels } from "./support/levels.js";
import { scenario } from "./support/scenario.js";

const isCookie = (variable: string) => /^MCP_LIFECYCLE_[0-9a-f]+=/.test(variable);

scenario.each(levels)(
  "LP-57 the servers of a gateway within a gateway carry both cookies and end with the outer one, held by %s",
  async (containment) => {
    await using gateway = await gatewayWith("nested-gateway", { containment });
    const session = gateway.supervisor.session("chat");
    await session.run((lease) => lease.client("server"));
    const cookies = gateway.witness.holders().map(({ pid }) => seeEnvironment(pid).filter(isCookie).length);
    // The inner gateway, its server, and that server's helper.
    expect(cookies.toSorted((a, b) => a - b)).toEqual([1, 2, 2]);

    const receipt = await session.end();

    await gateway.witness.gone();
    expect(receipt).toMatchObject({ outcome: "closed", netUsed: false, connections: [{ survivors: [] }] });
  },
);
