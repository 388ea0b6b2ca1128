import { describe, expect, it } from "vitest";
import { budgetFor, shareOf, stricter } from "../../src/machines/budget.js";

describe("the budget of an end", () => {
  it("should keep what a look needs for killing and looking, and a third of the time where that is less", () => {
    expect(budgetFor({ at: 1_000, deadline: 31_000, verifyMs: 5_000 })).toEqual({ killBy: 26_000, deadline: 31_000 });
    expect(budgetFor({ at: 1_000, deadline: 4_000, verifyMs: 5_000 })).toEqual({ killBy: 3_000, deadline: 4_000 });
  });

  it("should kill before it reports, however late it is asked for", () => {
    const { killBy, deadline } = budgetFor({ at: 1_000, deadline: 500, verifyMs: 5_000 });
    expect(deadline).toBe(1_001);
    expect(killBy).toBeGreaterThan(1_000);
    expect(killBy).toBeLessThan(deadline);
  });

  it("should have time for killing where nothing is asked for looking", () => {
    expect(budgetFor({ at: 0, deadline: 9_000, verifyMs: 0 })).toEqual({ killBy: 8_999, deadline: 9_000 });
  });

  it("should give what runs after the proof two thirds of what is left, its own limit at most, and nothing once time is up", () => {
    expect(shareOf({ at: 1_000, deadline: 4_000, limitMs: 10_000 })).toBe(2_000);
    expect(shareOf({ at: 1_000, deadline: 4_000, limitMs: 500 })).toBe(500);
    expect(shareOf({ at: 5_000, deadline: 4_000, limitMs: 500 })).toBe(0);
  });

  it("should give it its whole limit where no deadline is, or nobody knows when the proof came", () => {
    expect(shareOf({ at: 1_000, deadline: undefined, limitMs: 500 })).toBe(500);
    expect(shareOf({ at: undefined, deadline: 4_000, limitMs: 500 })).toBe(500);
  });

  it("should only ever get shorter", () => {
    expect(stricter(undefined, 2_000)).toBe(2_000);
    expect(stricter(1_000, 2_000)).toBe(1_000);
    expect(stricter(2_000, 1_000)).toBe(1_000);
  });
});
