import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPathMark } from "../cli/path-mark.js";
import { run, runOk } from "./run.js";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as Manifest;
const node = process.execPath;
let project: string;

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, unknown>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The tarball in an empty project, as whoever installs it has it. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "mcp-lifecycle-consumer-"));
  const packed = await runOk("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", project], {
    cwd: root,
  });
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  const types = `@types/node@${manifest.devDependencies["@types/node"]}`;
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "consumer", type: "module", private: true }));
  const quiet = ["--prefer-offline", "--no-audit", "--no-fund"];
  await runOk("npm", ["install", ...quiet, join(project, filename), types], { cwd: project, timeoutMs: 240_000 });
}, 300_000);

afterAll(() => rm(project, { recursive: true, force: true }));

describe("the packed package in an empty project", () => {
  it("should be importable by every path that it exports", async () => {
    const paths = Object.keys(manifest.exports).filter((path) => path !== "./package.json");
    const specifiers = paths.map((path) => manifest.name + path.slice(1));
    const script = `for (const path of ${JSON.stringify(specifiers)}) console.log(path, Object.keys(await import(path)).length > 0)`;

    const said = await runOk(node, ["--input-type=module", "-e", script], { cwd: project });

    expect(said.trim().split("\n")).toEqual(specifiers.map((path) => `${path} true`));
  });

  it("should type-check without skipping its declarations, and run", async () => {
    await copyFile(join(here, "consumer.ts"), join(project, "consumer.ts"));
    await writeFile(
      join(project, "tsconfig.json"),
      JSON.stringify({ compilerOptions: strictest, files: ["consumer.ts"] }),
    );

    const checked = await run(node, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], { cwd: project });
    // Other packages' declarations may not be clean under these options; ours and the consumer's are.
    const faults = checked.stdout.split("\n").filter((line) => /^(node_modules\/mcp-lifecycle\/|consumer)/.test(line));
    expect(faults).toEqual([]);

    const { env, nothingLeft } = createPathMark();
    const said = await runOk(node, ["out/consumer.js"], { cwd: project, env });
    if (process.platform === "linux") await nothingLeft();
    expect(JSON.parse(said)).toEqual({
      answers: [{ content: [{ type: "text", text: "here" }] }, { content: [{ type: "text", text: "hostile" }] }],
      outcome: "closed",
      means: { here: "close", hostile: "SIGTERM" },
      refused: "closed",
      leaked: 0,
    });
  });

  it("should bring its command, which says what to install and goes on without the reference servers", async () => {
    const bin = join(project, "node_modules/.bin/mcp-lifecycle");
    expect((await runOk(bin, ["--version"], { cwd: project })).trim()).toBe(manifest.version);

    const lines = (await runOk(bin, ["demo", "--json", "--sessions", "2"], { cwd: project })).trim().split("\n");

    const events = lines.map((line) => JSON.parse(line) as { event: string });
    expect(events[0]).toMatchObject({ event: "started" });
    expect(JSON.stringify(events[0])).toContain("npm install --save-dev @modelcontextprotocol/server-everything");
    expect(events.at(-1)).toMatchObject({ event: "done", left: [], sessions: { closed: 2, leaked: 0 } });
  });

  it("should say which packages --metrics needs", async () => {
    await writeFile(join(project, "mcp.json"), JSON.stringify({ mcpServers: { none: { command: "x" } } }));
    const bin = join(project, "node_modules/.bin/mcp-lifecycle");
    const { code, stderr } = await run(bin, ["gateway", "--config", "mcp.json", "--metrics"], { cwd: project });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("npm install @opentelemetry/api") });
  });

  it("should say what to install before it draws the machines", async () => {
    const bin = join(project, "node_modules/.bin/mcp-lifecycle");
    const { code, stderr } = await run(bin, ["diagrams", "--out", "drawn"], { cwd: project });
    expect([code, stderr]).toEqual([2, expect.stringContaining("npm install --save-dev elkjs")]);
  });

  it("should not bring what is for development only", async () => {
    const listed = await runOk("npm", ["ls", "--all", "--parseable", "--omit=dev"], { cwd: project });
    expect(listed).not.toMatch(/server-everything|vitest|oxlint|fast-check|elkjs|playwright|ts-morph/);
  });
});

const strictest = {
  target: "es2022",
  lib: ["es2023", "esnext.disposable"],
  module: "nodenext",
  outDir: "out",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  verbatimModuleSyntax: true,
  skipLibCheck: false,
  types: ["node"],
};
