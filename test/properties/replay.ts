import { randomInt } from "node:crypto";
import * as fc from "fast-check";
import { messageOf } from "../../src/errors/index.js";
import { SimulationError } from "../../src/testing/simulation/index.js";

const { PROPERTY_RUNS, PROPERTY_SEED, PROPERTY_PATH } = process.env;

/** Of all lives of this run; said with what they reached, so that a run can be repeated. */
export const propertySeed = PROPERTY_SEED === undefined ? randomInt(2 ** 31) : Number(PROPERTY_SEED);

/** Fewer lives than this may well miss something. */
const fewestForShares = 100;

/** Whether enough lives are lived to say which commands they went through. */
export const hasShares = PROPERTY_PATH === undefined && Number(PROPERTY_RUNS ?? fewestForShares) >= fewestForShares;

/** What is special about the lives of one property. */
export interface LifeOptions {
  /** Real milliseconds that a life may take; a simulated one takes about ten. */
  readonly lifeTimeoutMs?: number;
  /** What else to know of a replay. */
  readonly remark?: string;
}

/** Real milliseconds for a property, on a machine that is busy. */
export function testTimeoutMs(defaultRuns: number): number {
  return 60_000 + 200 * runsOf(defaultRuns);
}

/** Parameters of one property: as many lives as the environment wants, and a failure that says how to see it again. */
export function parameters<T>(test: string, defaultRuns: number, options: LifeOptions = {}): fc.Parameters<T> {
  const { lifeTimeoutMs = 20_000, remark = "" } = options;
  return {
    numRuns: runsOf(defaultRuns),
    timeout: lifeTimeoutMs,
    seed: propertySeed,
    ...(PROPERTY_PATH !== undefined && { path: PROPERTY_PATH }),
    asyncReporter: async (details) => {
      if (!details.failed) return;
      const { errorInstance, seed, counterexamplePath } = details;
      const report = await fc.asyncDefaultReportMessage(details);
      const command = commandFor(test, seed, counterexamplePath);
      throw new SimulationError(`${messageOf(errorInstance)}\n\n${report}\n\nTo see it again${remark}:\n${command}`);
    },
  };
}

function commandFor(test: string, seed: number, path: string | null): string {
  return `PROPERTY_SEED=${seed}${path === null ? "" : ` PROPERTY_PATH=${path}`} npx vitest run test/properties -t "${test}"`;
}

/** How many lives the environment wants. */
export function runsOf(defaultRuns: number): number {
  return PROPERTY_RUNS === undefined ? defaultRuns : Number(PROPERTY_RUNS);
}
