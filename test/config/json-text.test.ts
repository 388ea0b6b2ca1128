import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonFault } from "../../src/config/json-text.js";

describe("findJsonFault", () => {
  it("should find nothing in any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2), (value, indent) => {
        expect(findJsonFault(JSON.stringify(value, null, indent))).toBeUndefined();
      }),
    );
  });

  it("should find a fault wherever JSON.parse does, and nowhere else", () => {
    const damaged = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom("", "x", '"', "{", "}", "]", ",", ":", "\\", "-", "0", ".", "e", "\n", " "),
      )
      .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1));
    fc.assert(
      fc.property(damaged, (text) => {
        const fault = findJsonFault(text);
        // JSON.parse takes the last of two fields with one name; we refuse that on purpose.
        if (fault?.problem.includes("given twice")) return;
        expect(fault !== undefined, JSON.stringify(text)).toBe(isRefused(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

function isRefused(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch {
    return true;
  }
}
