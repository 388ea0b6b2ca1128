import { describe, expect, test } from "vitest";
import { sessionMachine } from "../../src/machines/index.js";
import { machines, structuralRules, terminalRules } from "./structural-rules.js";

describe.each(Object.entries(machines))("the %s machine", (_name, machine) => {
  test.each(structuralRules)("$sentence", ({ defects }) => {
    expect(defects(machine)).toEqual([]);
  });
});

describe("the session machine", () => {
  test.each(terminalRules)("$sentence", ({ defects }) => {
    expect(defects(sessionMachine)).toEqual([]);
  });
});
