import type { VitestRunnerConfig } from "@vitest/runner";
import type * as Outer from "vitest";

/*
 * What test files of a graph get for "vitest": its functions, of a runner that is the graph's own, so that tests can be run within a test.
 */
export { afterAll, afterEach, beforeAll, beforeEach, describe, it, onTestFinished, suite, test } from "@vitest/runner";

/** Settings of the tests in this graph. A defect that hangs is to be found soon. */
export const config: VitestRunnerConfig = {
  root: "/",
  setupFiles: [],
  name: undefined,
  passWithNoTests: false,
  testNamePattern: undefined,
  allowOnly: false,
  sequence: { seed: 1, hooks: "stack", setupFiles: "list" },
  chaiConfig: undefined,
  maxConcurrency: 5,
  testTimeout: 20_000,
  hookTimeout: 20_000,
  retry: 0,
  includeTaskLocation: false,
  tags: [],
  tagsFilter: undefined,
  strictTags: false,
};

export let expect: typeof Outer.expect;
export let vi: typeof Outer.vi;

/** A graph cannot load what runs it: expectations and spies are lent to it. Settings that its tests make are theirs alone. */
export function lend(outer: Pick<typeof Outer, "expect" | "vi">): void {
  expect = outer.expect;
  const setConfig: typeof Outer.vi.setConfig = (wanted) => void Object.assign(config, wanted);
  vi = { ...outer.vi, setConfig };
}
