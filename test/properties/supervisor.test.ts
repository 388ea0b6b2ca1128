import * as fc from "fast-check";
import { afterAll, beforeAll, describe, test, vi } from "vitest";
import { Announcements } from "./announcements.js";
import { type Command, commands } from "./commands.js";
import { commandNames, obey } from "./obey.js";
import { assertNoViolations, assertPromisesKept, type Life } from "./promises-kept.js";
import { Reached } from "./reached.js";
import { hasShares, parameters, testTimeoutMs } from "./replay.js";
import { SimulatedHost } from "./simulated-host.js";
import { anyWorld, build, endableWorld, type WorldPlan } from "./worlds.js";

const inEndable = "should close everything in a world that can be ended";
const inAny = "should close everything within reach once the world has recovered, in any world";

describe("whatever a host, the world and time do to a supervisor, it", () => {
  const reached = new Reached(commandNames);
  const held = new Set<string>();

  // XState takes the end of a child session, which its parent's end brings about, for a part of the parent's own action.
  beforeAll(() => {
    const { warn } = console;
    vi.spyOn(console, "warn").mockImplementation((...args: unknown[]) => {
      if (!String(args[0]).startsWith("Custom actions should not call")) warn(...args);
    });
  });
  afterAll(() => vi.restoreAllMocks());

  const live = async (plan: WorldPlan, steps: readonly Command[], isEndable: boolean): Promise<Life> => {
    const simulated = build(plan);
    const { supervisor, world } = simulated;
    const announcements = new Announcements(supervisor, (session) => world.truth.fence(session));
    const life = { plan, host: new SimulatedHost(simulated), announcements, isEndable };
    for (const step of steps) {
      if (await obey(life.host, step)) reached.command(step.do);
      assertNoViolations(life);
    }
    return life;
  };

  const assertEnded = async (life: Life) => {
    await assertPromisesKept(life);
    for (const { reason } of life.announcements.receipts) reached.reason(reason);
  };

  test(
    inEndable,
    async () => {
      const property = fc.asyncProperty(endableWorld, commands, async (plan, steps) => {
        const life = await live(plan, steps, true);
        const { world } = life.host.simulated;
        await world.clock.run(life.host.shutdown(60_000));
        await world.clock.advanceBy(300_000);
        await assertEnded(life);
      });
      await fc.assert(property, parameters(inEndable, 400));
      held.add(inEndable);
    },
    testTimeoutMs(400),
  );

  test(
    inAny,
    async () => {
      const property = fc.asyncProperty(anyWorld, commands, async (plan, steps) => {
        const life = await live(plan, steps, false);
        const { world } = life.host.simulated;
        await world.clock.run(life.host.shutdown(9_000), { limitMs: 100_000 });
        await world.clock.advanceBy(1_000);
        world.recover();
        // What a hanging spawn gives birth to is still as its server was then.
        await world.clock.settle();
        world.recover();
        await world.clock.advanceBy(600_000);
        await assertEnded(life);
      });
      await fc.assert(property, parameters(inAny, 200));
      held.add(inAny);
    },
    testTimeoutMs(200),
  );

  test.runIf(hasShares)("should have been through every command and every terminal state", ({ skip }) => {
    skip(held.size < 2, "a property did not go through all its lives");
    console.log(reached.toString());
    reached.assertEverything();
  });
});
