import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** The value that half of the others do not exceed. */
export const median = (values) => percentile(values, 50);

/** By nearest rank: a value that was really measured. */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)];
}

/** Milliseconds that `work` takes. */
export async function timed(work) {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/**
 * Measures the contenders in turn, each once a round, and whoever was last in one round first in the next: a machine that gets slower
 * or busier does so for all of them. Returns the samples by name; those of the warm-up rounds are left out.
 */
export async function inTurn(contenders, { rounds, warmUp = 0 }) {
  const names = Object.keys(contenders);
  const samples = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -warmUp; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const sample = await contenders[name]();
      if (round >= 0) samples[name].push(sample);
    }
  }
  return samples;
}

// Exposed from inside, so that each bench can be run by plain `node`.
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

/** Bytes in use once garbage is collected; twice and with a turn between, because finalizers free more. */
export async function heapInUse() {
  collectGarbage();
  await pause(20);
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
