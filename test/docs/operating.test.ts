import { readFileSync } from "node:fs";
import { expect, it } from "vitest";

it("should list every metric in docs/operating.md", () => {
  const source = ["record-metrics", "observe-state"].map((name) => readFileSync(`src/telemetry/${name}.ts`, "utf8"));
  const measured = [...source.join("").matchAll(/\(\s*"(mcp\.[\w.]+)"/g)].map(([, name]) => name);
  const page = readFileSync("docs/operating.md", "utf8");
  const listed = [...page.matchAll(/^\| `(mcp\.[\w.]+)`/gm)].map(([, name]) => name);
  expect(measured.length).toBeGreaterThan(5);
  expect(new Set(listed)).toEqual(new Set(measured));
});
