import { expect, test } from "vitest";
import { statePath } from "../../src/supervisor/state-path.js";

test("a state's path should name each state on the way to the innermost", () => {
  expect(statePath("closed")).toBe("closed");
  expect(statePath({ active: { live: "idle" } })).toBe("active.live.idle");
});
