import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { startHostileSubject } from "../real/support/hostile-subjects.js";
import { runGateway } from "../real/support/run-gateway.js";
import { simulate } from "../supervisor/simulated.js";
import { gatewayWith } from "./support/gateway.js";
import { levels } from "./support/levels.js";
import { scenario } from "./support/scenario.js";

/** Makes what follows pid 1 of a container; nobody but root may, and not everywhere. */
const asInit = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"];
const [command = "", ...args] = asInit;
const canBeInit = process.platform === "linux" && spawnSync(command, [...args, "true"]).status === 0;

scenario.each(levels)("LP-56 a tree with a zombie that nobody collects is closed, held by %s", async (containment) => {
  await using gateway = await gatewayWith("helper-zombie", { containment });
  const session = gateway.supervisor.session("chat");
  await session.run((lease) => lease.client("server"));
  const receipt = await session.end();
  await gateway.witness.gone();
  expect(receipt).toMatchObject({ outcome: "closed", connections: [{ survivors: [], doubtful: [] }] });
});

test.runIf(canBeInit).each(levels)(
  "LP-56 a gateway that is pid 1 lists the zombies of its orphans and calls them no leak, held by %s",
  async (containment) => {
    await using subject = await startHostileSubject("helper-double-fork");
    const servers = { server: subject.config };
    const exit = await runGateway(
      { servers, containment, end: "end of every session", reason: "ended" },
      { prefix: asInit },
    );
    await subject.witness.gone();
    expect(exit.receipts).toMatchObject([{ outcome: "closed", connections: [{ containment, survivors: [] }] }]);
    expect(exit.receipts[0]?.connections[0]?.unreaped).not.toEqual([]);
  },
);

test("LP-56 orphans' zombies are no leak where the gateway collects nobody", async () => {
  const tree = { children: [{ command: "helper" }] };
  const { world, supervisor, run } = simulate({ files: { tree } }, { world: { gatewayIsInit: true } });
  const session = supervisor.session("chat");
  await run(session.run((lease) => lease.client("files")));
  const { outcome, connections } = await run(session.end());
  expect(outcome).toBe("closed");
  expect(connections).toMatchObject([{ survivors: [], unreaped: [{ command: "helper" }] }]);
  world.truth.assertNothingLeft();
});
