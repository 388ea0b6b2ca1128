import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Environment, expandVariables } from "../../src/config/expand-variables.js";

const environment = { NAME: "value", EMPTY: "", _x1: "y" };
const expand = (value: unknown, from: Environment = environment) => expandVariables(value, ["server"], from);

describe("expandVariables", () => {
  const texts: readonly [text: string, expanded: string][] = [
    ["${NAME}", "value"],
    ["a${NAME}b${_x1}", "avalueby"],
    ["${env:NAME}", "value"],
    ["${MISSING:-default}", "default"],
    ["${EMPTY:-default}", "default"],
    ["${NAME:-default}", "value"],
    ["${MISSING:-}", ""],
    ["${MISSING:-a:-b $c}", "a:-b $c"],
    ["${EMPTY}", ""],
    ["$${NAME}", "${NAME}"],
    ["$$${NAME}", "$${NAME}"],
    ["$NAME $ {NAME} 100$", "$NAME $ {NAME} 100$"],
  ];
  it.each(texts)("should make of %j %j", (text, expanded) => {
    expect(expand(text)).toMatchObject({ value: expanded, problems: [] });
  });

  it("should expand the texts of lists and fields, at any depth, and no name", () => {
    const { value, secrets } = expand({ args: ["${NAME}", 1, null], env: { "${NAME}": "${NAME}" }, on: true });
    expect(value).toEqual({ args: ["value", 1, null], env: { "${NAME}": "value" }, on: true });
    expect(secrets).toEqual(["value", "value"]);
  });

  it("should not expand what a variable holds", () => {
    expect(expand("${A}", { A: "${B}", B: "b" }).value).toBe("${B}");
  });

  const bad: readonly [text: string, saying: RegExp][] = [
    ["${MISSING}", /the environment variable MISSING is not set; .*: \$\{MISSING:-…\}/],
    ["${constructor}", /constructor is not set/],
    ["${NAME", /never closed/],
    ["${}", /no variable; write \$\{NAME\}/],
    ["${#x}", /for the text itself \$\$\{/],
    ["${input:key}", /nobody is asked here/],
    ["${NAME-default}", /no variable/],
  ];
  it.each(bad)("should refuse %j and name the field", (text, saying) => {
    const { problems } = expand({ args: ["x", text] });
    expect(problems).toEqual([{ path: ["server", "args", 1], text: expect.stringMatching(saying) }]);
  });

  it("should leave any text without ${ as it is", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("${")),
        (text) => {
          expect(expand(text)).toEqual({ value: text, problems: [], secrets: [] });
        },
      ),
    );
  });

  it("should give any text back that was escaped", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(expand(text.replaceAll("${", "$$${")).value).toBe(text);
      }),
    );
  });
});
