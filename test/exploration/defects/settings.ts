import type { Layer } from "./layers.js";

/** Every layer for every defect, and not only the one that is known to catch it. */
export const isSurvey = process.env["DEFECTS"] === "all";

/** A line of JSON is added to it for each defect. */
export const summaryPath = process.env["DEFECTS_SUMMARY"];

/** Properties and explorations read how far to go when they are loaded: as far for every defect as for none. */
export function settle(layer: Layer): void {
  Object.assign(process.env, { PROPERTY_SEED: "1", ...extents[layer] });
  delete process.env["PROPERTY_PATH"];
}

const extents: Partial<Record<Layer, Readonly<Record<string, string>>>> = {
  // Enough for a busy machine: what is not found then is not there.
  exploration: { EXPLORATION_K: "2", EXPLORATION_SECONDS: "60" },
  "simulated property": { PROPERTY_RUNS: isSurvey ? "400" : "200" },
  // Seconds each.
  "real property": { PROPERTY_RUNS: "24" },
};

/** Milliseconds for one defect, on a machine that is busy. */
export const timeoutMs = isSurvey ? 1_800_000 : 120_000;
