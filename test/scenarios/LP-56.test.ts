import { expect, test } from "vitest";
import { simulate } from "../supervisor/simulated.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-56 a tree with a zombie that nobody collects is closed", async () => {
  await using gateway = await gatewayWith("helper-zombie");
  const session = gateway.supervisor.session("chat");
  await session.run((lease) => lease.client("server"));
  const receipt = await session.end();
  await gateway.witness.gone();
  expect(receipt).toMatchObject({ outcome: "closed", connections: [{ survivors: [], doubtful: [] }] });
});

test("LP-56 where the gateway is pid 1 its orphans' zombies are listed as unreaped and are no leak", async () => {
  const tree = { children: [{ command: "helper" }] };
  const { world, supervisor, run } = simulate({ files: { tree } }, { world: { gatewayIsInit: true } });
  const session = supervisor.session("chat");
  await run(session.run((lease) => lease.client("files")));
  const receipt = await run(session.end());
  expect(receipt).toMatchObject({
    outcome: "closed",
    connections: [{ survivors: [], unreaped: [{ command: "helper" }] }],
  });
  world.truth.assertNothingLeft();
});
