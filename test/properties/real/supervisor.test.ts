import { afterAll, beforeAll, describe, test } from "vitest";
import { recordFacts } from "../../proof/record-facts.js";
import { type EverythingOverHttp, startEverythingOverHttp } from "../../real/support/everything-http-subject.js";
import { Reached } from "../reached.js";
import { hasShares, propertySeed, runsOf } from "../replay.js";
import { type Command, commands } from "./commands.js";
import { examples, firstLife } from "./examples.js";
import { assertExamples, assertInLanes, type LivesProperty } from "./lanes.js";
import { live } from "./live.js";
import { commandNames } from "./obey.js";
import { ReachedServers } from "./reached-servers.js";
import { serverKinds } from "./server-kinds.js";
import { anyWorld, type WorldPlan } from "./worlds.js";

const inAny = "should close everything, and nothing of it should be left";
const inExamples = "should close everything where once it did not";
const lives = 150;

describe.runIf(process.platform === "linux")("whatever a host does to a supervisor of real servers, it", () => {
  const reached = new Reached(commandNames);
  const reachedServers = new ReachedServers();
  let everything: EverythingOverHttp;
  let lived: number | undefined;

  beforeAll(async () => {
    everything = await startEverythingOverHttp();
    await live(...firstLife, parts());
  });
  afterAll(() => everything[Symbol.asyncDispose]());

  const parts = () => ({ kinds: serverKinds(everything.kind), reached, reachedServers });
  const property = (title: string): LivesProperty<[WorldPlan, Command[]]> => ({
    test: title,
    lives,
    arbitraries: [anyWorld, commands],
    live: (plan, steps) => live(plan, steps, parts()),
  });

  test(inExamples, () => assertExamples(property(inExamples), examples), 120_000);

  test(
    inAny,
    async () => {
      lived = await assertInLanes(property(inAny));
    },
    // Enough for a machine that is busy, and for a counterexample to be made smaller.
    180_000 + 1_000 * runsOf(lives),
  );

  test.runIf(hasShares)("should have been through every command and every terminal state", ({ skip }) => {
    skip(lived === undefined, "the property did not go through all its lives");
    const everythingReached = [reached.toString(), reachedServers.toString()].join("\n");
    console.info(`${lived} lives, seed ${propertySeed}\n${everythingReached}`);
    recordFacts("real lives", { lives: lived, seed: propertySeed, reached: everythingReached });
    reachedServers.assertEverything();
    reached.assertEverything({ commands: 0.003, reasons: 0.02 });
  });
});
