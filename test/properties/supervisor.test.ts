import * as fc from "fast-check";
import { describe, test } from "vitest";
import { recordFacts } from "../proof/record-facts.js";
import { anyExamples, endableExamples } from "./examples.js";
import { type Command, commands } from "./commands.js";
import { Lineage, moments } from "./lineage.js";
import { commandNames, obey } from "./obey.js";
import { assertNoViolations, assertPromisesKept, type Life } from "./promises-kept.js";
import { Reached } from "./reached.js";
import { hasShares, parameters, propertySeed, runsOf, testTimeoutMs } from "./replay.js";
import { anyWorld, build, endableWorld, type WorldPlan } from "./worlds.js";

const inEndable = "should close everything in a world that can be ended";
const endableLives = 500;
const inAny = "should close everything within reach once the world has recovered, in any world";
const anyLives = 500;

// Nothing here depends on how busy a machine is: what fails for one seed has failed.
describe("whatever a host, the world and time do to a supervisor, it", { retry: 0 }, () => {
  const reached = new Reached(commandNames, moments);
  const held = new Set<string>();

  const live = async (plan: WorldPlan, steps: readonly Command[], isEndable: boolean): Promise<Life> => {
    const life = { plan, lineage: new Lineage(build(plan)), isEndable, carriedOut: 0 };
    for (const step of steps) {
      if (await obey(life.lineage, step)) {
        life.carriedOut += 1;
        reached.command(step.do);
      }
      assertNoViolations(life);
    }
    // Somebody always starts a gateway that is down.
    await life.lineage.start({ samePid: false });
    return life;
  };

  const assertEnded = async (life: Life) => {
    const { hosts, moments: lived } = life.lineage;
    await assertPromisesKept(life);
    for (const { announcements } of hosts) for (const { reason } of announcements.receipts) reached.reason(reason);
    for (const moment of new Set(lived)) reached.moment(moment);
    // A life in which nothing could be done to anything proves nothing, and does not count.
    fc.pre(life.carriedOut > 0);
  };

  test(
    inEndable,
    async () => {
      const property = fc.asyncProperty(endableWorld, commands, async (plan, steps) => {
        const life = await live(plan, steps, true);
        const { host, world } = life.lineage;
        await world.clock.run(host.shutdown(60_000));
        await world.clock.advanceBy(300_000);
        await assertEnded(life);
      });
      await fc.assert(property, { ...parameters(inEndable, endableLives), examples: endableExamples });
      held.add(inEndable);
    },
    testTimeoutMs(endableLives),
  );

  test(
    inAny,
    async () => {
      const property = fc.asyncProperty(anyWorld, commands, async (plan, steps) => {
        const life = await live(plan, steps, false);
        const { host, world } = life.lineage;
        await world.clock.run(host.shutdown(9_000), { limitMs: 100_000 });
        await world.clock.advanceBy(1_000);
        world.recover();
        // What a hanging spawn gives birth to is still as its server was then.
        await world.clock.settle();
        world.recover();
        await world.clock.advanceBy(600_000);
        await assertEnded(life);
      });
      await fc.assert(property, { ...parameters(inAny, anyLives), examples: anyExamples });
      held.add(inAny);
    },
    testTimeoutMs(anyLives),
  );

  test.runIf(hasShares)(
    "should have been through every command, every terminal state and every moment of a death",
    ({ skip }) => {
      skip(held.size < 2, "a property did not go through all its lives");
      const lives = runsOf(endableLives) + runsOf(anyLives);
      console.info(`${lives} lives, seed ${propertySeed}\n${reached.toString()}`);
      recordFacts("simulated lives", { lives, seed: propertySeed, reached: reached.toString() });
      reached.assertEverything({ commands: 0.001, reasons: 0.03, lives });
    },
  );
});
