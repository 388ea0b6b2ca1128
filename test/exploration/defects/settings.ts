import type { Layer } from "./layers.js";

/** Every layer for every defect, and not only the one that is known to catch it. */
export const isSurvey = process.env["DEFECTS"] === "all";

/** A line of JSON is added to it for each defect. */
export const summaryPath = process.env["DEFECTS_SUMMARY"];

/** Properties read from the environment how many lives to try, when they are loaded: the same for every defect, and for none. */
export function settle(layer: Layer): void {
  Object.assign(process.env, { PROPERTY_RUNS: String(lives[layer] ?? 0), PROPERTY_SEED: "1" });
  delete process.env["PROPERTY_PATH"];
}

const lives: Partial<Record<Layer, number>> = {
  "simulated property": isSurvey ? 400 : 100,
  // Seconds each.
  "real property": 24,
};

/** Milliseconds for one defect, on a machine that is busy. */
export const timeoutMs = isSurvey ? 1_800_000 : 120_000;
