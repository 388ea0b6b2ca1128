import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { codeBlocks } from "../docs/code-blocks.js";
import { runOk } from "../package/run.js";

const page = readFileSync("docs/integration-openclaw.md", "utf8");
const manifest = JSON.parse(readFileSync("openclaw.plugin.json", "utf8")) as {
  configSchema: { properties: Readonly<Record<string, object>> };
};

test("the page on OpenClaw should have an example that runs, and prints an empty catalogue", async () => {
  const [example, ...others] = codeBlocks(page, "ts");
  expect(others).toEqual([]);
  const project = mkdtempSync(join(tmpdir(), "mcp-lifecycle-page-"));
  onTestFinished(() => rmSync(project, { recursive: true }));
  mkdirSync(join(project, "node_modules"));
  symlinkSync(process.cwd(), join(project, "node_modules/mcp-lifecycle"));
  writeFileSync(join(project, "example.mjs"), example?.code ?? "");
  expect(await runOk(process.execPath, ["example.mjs"], { cwd: project })).toContain("version: 1");
});

test("the page on OpenClaw should list every field of the plugin's configuration", () => {
  const listed = [...page.matchAll(/^\| `(\w+)`\s*\|/gm)].map(([, name]) => name);
  for (const name of Object.keys(manifest.configSchema.properties)) expect(listed).toContain(name);
});
