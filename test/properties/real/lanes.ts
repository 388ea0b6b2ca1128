import * as fc from "fast-check";
import { parameters, propertySeed } from "../replay.js";

/** Lives that are lived at once: most of a life is spent waiting for graces. */
const laneCount = 6;

/** How long a counterexample is made smaller, in milliseconds; each smaller one is a life again. */
const shrinkMs = 60_000;

const lifeOptions = {
  lifeTimeoutMs: 60_000,
  remark: " (the commands, not their timing: real processes are never twice at the same moment)",
};

/** A property of lives, and how it is tested. */
export interface LivesProperty<Life extends [unknown, ...unknown[]]> {
  /** Title of the test, by which a replay finds it. */
  readonly test: string;
  readonly lives: number;
  readonly arbitraries: { [Index in keyof Life]: fc.Arbitrary<Life[Index]> };
  readonly live: (...life: Life) => Promise<void>;
}

/** Asserts it for so many lives, several at once. Resolves with how many there were. */
export async function assertInLanes<Life extends [unknown, ...unknown[]]>(
  property: LivesProperty<Life>,
): Promise<number> {
  const { path, numRuns = property.lives, ...others } = parameters<Life>(property.test, property.lives, lifeOptions);
  const isReplay = path !== undefined;
  const livesOfLane = Math.ceil(numRuns / laneCount);
  const failure = new FirstFailure();
  const lanes = Array.from({ length: isReplay ? 1 : laneCount }, (_, lane) =>
    fc.assert(fc.asyncProperty(...property.arbitraries, failure.watched(lane, property.live)), {
      ...others,
      ...(isReplay && { path }),
      seed: propertySeed + lane,
      numRuns: livesOfLane,
    }),
  );
  await Promise.allSettled(lanes);
  // The first to fail made its counterexample smaller; what the others said is about lives that were cut short.
  await lanes[failure.lane ?? 0];
  await Promise.all(lanes);
  return livesOfLane * lanes.length;
}

/** Asserts it for lives that are known. */
export async function assertExamples<Life extends [unknown, ...unknown[]]>(
  property: LivesProperty<Life>,
  examples: Life[],
): Promise<void> {
  await fc.assert(fc.asyncProperty(...property.arbitraries, property.live), {
    ...parameters<Life>(property.test, examples.length, lifeOptions),
    numRuns: examples.length,
    examples,
  });
}

/** After it the other lanes live no more lives, and its own only for a while. */
class FirstFailure {
  lane: number | undefined;
  #atMs = 0;

  watched<Life extends unknown[]>(lane: number, live: (...life: Life) => Promise<void>) {
    return async (...life: Life): Promise<void> => {
      if (this.#isOver(lane)) return;
      // The same that fast-check gives it.
      const late = setTimeout(() => this.#happened(lane), lifeOptions.lifeTimeoutMs);
      try {
        await live(...life);
      } catch (error) {
        if (!fc.PreconditionFailure.isFailure(error)) this.#happened(lane);
        throw error;
      } finally {
        clearTimeout(late);
      }
    };
  }

  #happened(lane: number): void {
    if (this.lane !== undefined) return;
    this.lane = lane;
    this.#atMs = performance.now();
  }

  #isOver(lane: number): boolean {
    return this.lane !== undefined && (this.lane !== lane || performance.now() - this.#atMs > shrinkMs);
  }
}
