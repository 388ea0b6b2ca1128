import { expect, test } from "vitest";
import { type LeakPath, leakPaths } from "./catalogue.js";
import { stateOf } from "./support/leak-paths-page.js";
import { readScenarios } from "./support/scenario-files.js";

const lastPath = 57;
const scenarios = readScenarios();
const scenariosOf = ({ id }: LeakPath) => scenarios.filter((scenario) => scenario.id === id);

test("every leak path should be in the catalogue, once and in order", () => {
  const ids = Array.from({ length: lastPath }, (_, index) => `LP-${String(index + 1).padStart(2, "0")}`);
  expect(leakPaths.map(({ id }) => id)).toEqual(ids);
});

test("every leak path should have a scenario or the reason why it has none, and both only if it says which part is pending", () => {
  const wrong = leakPaths.filter((path) => {
    const isAllPending = path.pending !== undefined && path.pending.part === undefined;
    return scenariosOf(path).length > 0 === isAllPending;
  });
  expect(wrong.map(({ id }) => id)).toEqual([]);
});

test("every scenario should begin with the id that its file is named after", () => {
  const strays = scenarios.filter(({ file, id }) => file !== `${id}.test.ts`);
  expect(strays).toEqual([]);
});

test("what is pending should be said, with the reason", () => {
  const pending = leakPaths.filter((path) => path.pending !== undefined);
  const lines = pending.map((path) => `${path.id} ${stateOf(path, scenariosOf(path))}`);
  console.info(`leak paths without a scenario, or not with all of it: ${lines.join("\n") || "none"}`);
  expect(lines.filter((line) => !line.includes("pending"))).toEqual([]);
});
