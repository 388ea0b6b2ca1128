import { expect, test } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

test("an end should be reported as leaked when its last connection is, whatever is tried again meanwhile", async () => {
  const { world, supervisor, run } = simulate({ remote: presets.deleteHangs, stubborn: presets.unkillable });
  const session = supervisor.session("chat");
  await run(session.run((lease) => Promise.all([lease.client("remote"), lease.client("stubborn")])));
  const began = world.clock.now();

  const receipt = await run(session.end());

  expect(receipt.connections.map(({ server, outcome }) => [server, outcome])).toEqual([
    ["remote", "leaked"],
    ["stubborn", "leaked"],
  ]);
  // The remote one after 5 s, and again in its second goodbye when the other is given up, at 2 s + 2 s + 5 s.
  expect(world.clock.now() - began).toBe(9_000);
  world.recover();
  await world.clock.advanceBy(120_000);
  await run(supervisor.shutdown());
  world.truth.assertNothingLeft();
});
