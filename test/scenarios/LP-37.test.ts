import { expect, test } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { rejection } from "../real/support/until.js";
import { simulate } from "../supervisor/simulated.js";

test("LP-37 a process that SIGKILL does not end is reported, keeps its slot, and is tried again until it is gone", async () => {
  const { world, supervisor, run } = simulate({ files: [presets.unkillable, {}] }, { limits: { trees: 1 } });
  const session = supervisor.session("chat");
  await run(session.run((lease) => lease.client("files")));
  const { pid, id } = supervisor.inspect().sessions[0]?.connections[0] ?? {};
  const [leaked, recovered]: [unknown[], unknown[]] = [[], []];
  supervisor.on("leaked", (connection) => void leaked.push(connection));
  supervisor.on("recovered", (receipt) => void recovered.push(receipt));

  const receipt = await run(session.end());

  expect(receipt).toMatchObject({ outcome: "leaked", connections: [{ pid, survivors: [{ pid }] }] });
  expect(supervisor.inspect()).toMatchObject({
    sessions: [{ key: "chat", connections: [{ id, pid, state: "leaked" }] }],
    admission: { trees: 1 },
  });
  const other = await supervisor.session("other").acquire();
  expect(await run(rejection(other.client("files")))).toMatchObject({ code: "ADMISSION", limit: "trees" });

  const tries = () => world.processHost.log.filter(({ signal }) => signal === "SIGKILL").length;
  const before = tries();
  await world.clock.advanceBy(10_000);
  expect(tries()).toBeGreaterThan(before);
  world.processes.thaw();
  await world.clock.advanceBy(120_000);

  expect(leaked, "a leak is told once, however often it is tried again").toMatchObject([
    { id, pid, outcome: "leaked" },
  ]);
  expect(recovered).toEqual([expect.objectContaining({ outcome: "closed", recovers: receipt.id })]);
  expect(await run(other.client("files"))).toBeDefined();
  await run(supervisor.shutdown());
  world.truth.assertNothingLeft();
});
