import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPathMark } from "../cli/path-mark.js";
import { run, runOk } from "../package/run.js";
import { codeBlocks } from "./code-blocks.js";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const pages = ["README.md", "docs/integration.md", "docs/operating.md"];
const blocks = (await Promise.all(pages.map(blocksOf))).flat();
const installed = ["@modelcontextprotocol", "@opentelemetry", "@types", "pino", "xstate", "zod", ".bin"];
let project: string;

/** A project outside this one that has the package and its peers by their names. */
beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "mcp-lifecycle-readme-"));
  await mkdir(join(project, "node_modules"));
  await symlink(root, join(project, "node_modules/mcp-lifecycle"));
  for (const name of installed) await symlink(join(root, "node_modules", name), join(project, "node_modules", name));
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "readme", type: "module", private: true }));
  await writeFile(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["block-*.ts"] }));
  for (const { name, code } of blocks) await writeFile(join(project, `${name}.ts`), `${code}\nexport {};\n`);
});

afterAll(() => rm(project, { recursive: true, force: true }));

describe("README.md and docs/operating.md", () => {
  it("should have TypeScript examples", () => {
    expect(blocks.length, "no block is fenced with ```ts").toBeGreaterThan(0);
  });

  it("should have examples that compile, each on its own", async () => {
    const { stdout } = await run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."], {
      cwd: project,
    });
    // A block is named after its page and line, so that line 2 of block-README.md-40.ts is line 41 of README.md.
    expect(stdout.trim()).toBe("");
  });

  it.each(pages)("should begin with an example that runs to its end and leaves nothing (%s)", async (page) => {
    const main = blocks.find((block) => block.page === page);
    if (main === undefined) throw new Error(`${page} has no example to run`);
    const { env, nothingLeft } = createPathMark();

    await runOk(process.execPath, [`out/${main.name}.js`], { cwd: project, env, timeoutMs: 50_000 });

    if (process.platform === "linux") await nothingLeft();
  });
});

describe("codeBlocks", () => {
  it("should find the blocks of one language with their lines", () => {
    const markdown = ["# Title", "```ts", "a();", "```", "```json", "{}", "```", "````ts title", "```", "b();", "````"];
    expect(codeBlocks(markdown.join("\n"), "ts")).toEqual([
      { line: 3, code: "a();" },
      { line: 9, code: "```\nb();" },
    ]);
  });
});

async function blocksOf(page: string) {
  const markdown = await readFile(join(root, page), "utf8").catch(() => "");
  const name = (line: number) => `block-${page.replaceAll("/", "-")}-${line}`;
  return codeBlocks(markdown, "ts").map(({ line, code }) => ({ page, name: name(line), code }));
}

const compilerOptions = {
  target: "es2023",
  lib: ["es2023", "esnext.disposable"],
  module: "nodenext",
  outDir: "out",
  strict: true,
  skipLibCheck: true,
  types: ["node"],
};
