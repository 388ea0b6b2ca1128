import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson } from "../../src/config/json-text.js";

describe("readJson", () => {
  it("should give the value of any JSON, as JSON.parse does", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(readJson(text)).toMatchObject({ value: JSON.parse(text) as unknown });
      }),
    );
  });

  it("should give a field called __proto__ as a field", () => {
    const text = '{"__proto__": {"polluted": true}}';
    const document = readJson(text);
    const value = "value" in document ? document.value : undefined;
    expect(Object.keys(value as object)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  it("should refuse whatever JSON.parse refuses, but for comments and trailing commas", () => {
    const damaged = fc
      .tuple(
        fc.json({ maxDepth: 3 }),
        fc.nat(),
        fc.constantFrom("", "x", '"', "{", "}", "]", ":", "\\", "-", "0", ".", "e", "\n", " "),
      )
      .map(([text, at, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + 1));
    fc.assert(
      fc.property(damaged, (text) => {
        const document = readJson(text);
        if ("problem" in document) {
          // JSON.parse takes the last of two fields with one name; we refuse that on purpose.
          if (!document.problem.includes("given twice")) expect(isRefused(text), text).toBe(true);
        } else if (isRefused(text)) {
          expect(text, "a comma before the end, or a comment").toMatch(/,\s*[}\]]|\/\/|\/\*/);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("should know where each field stands, and what is around one that is not there", () => {
    const document = readJson('{\n  "a": [1, {"b": 2}],\n  "c": 3\n}');
    if ("problem" in document) throw new Error(document.problem);
    expect(document.placeOf(["a", 1, "b"])).toEqual({ line: 2, column: 13 });
    expect(document.placeOf(["a", 1, "missing"])).toEqual({ line: 2, column: 12 });
    expect(document.placeOf(["c", "deeper"])).toEqual({ line: 3, column: 3 });
    expect(document.placeOf([])).toEqual({ line: 1, column: 1 });
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
