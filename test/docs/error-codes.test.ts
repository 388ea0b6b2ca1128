import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

/** Errors of test tools, which no gateway sees. */
const ofTesting = ["CONTRACT", "SIMULATION", "WITNESS"];

it("should list every code of an error in the guide", () => {
  const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => readFileSync(`src/${path}`, "utf8"));
  const codes = sources.flatMap((text) =>
    [...text.matchAll(/(?:super|LifecycleError)\(\s*"([A-Z_]+)"/g)].map(([, code]) => code),
  );
  const listed = [...readFileSync("docs/guide.md", "utf8").matchAll(/^\| `([A-Z_]+)`/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect(new Set(listed)).toEqual(new Set(codes.filter((code = "") => !ofTesting.includes(code))));
});
