import { expect, test } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { levels } from "./support/levels.js";
import { scenario } from "./support/scenario.js";

const helpers = levels.flatMap((level) =>
  ["detached", "cleared-env-detached"].map((helper) => [helper, level] as const),
);

scenario.each(helpers)(
  "LP-28 a browser that a call started in a session of its own (%s) ends with its server, held by %s",
  async (helper, containment) => {
    await using gateway = await gatewayWith("well-behaved", { containment });
    const session = gateway.supervisor.session("chat");
    await session.run((lease) => lease.callTool("server", "launch", { helper }));
    expect(gateway.witness.holders()).toHaveLength(2);
    const receipt = await session.end();
    await gateway.witness.gone();
    expect(receipt).toMatchObject({ outcome: "closed", connections: [{ containment, survivors: [], doubtful: [] }] });
  },
);

test.runIf(levels.includes("cgroup"))(
  "LP-28 a browser that left environment, group and session, and outlives its server before anybody saw it, ends by its cgroup",
  async () => {
    await using gateway = await gatewayWith("well-behaved", { containment: "cgroup" });
    const session = gateway.supervisor.session("chat");
    await session.run(async (lease) => {
      await lease.callTool("server", "launch", { helper: "cleared-env-detached" });
      await lease.callTool("server", "crash", {}).catch(() => undefined);
    });
    const { connections } = await session.end();
    await gateway.witness.gone();
    expect(connections).toMatchObject([{ outcome: "closed", exit: { code: 7 }, survivors: [] }]);
  },
);
