/** Lives of a simulated property, and their seed: the same for every defect, and for none. */
const lives = { PROPERTY_RUNS: "120", PROPERTY_SEED: "1" };

/** Properties read them when they are loaded. */
export function settleProperties(): void {
  Object.assign(process.env, lives);
  delete process.env["PROPERTY_PATH"];
}
