import { describe, expect, it } from "vitest";
import { runCli } from "./cli.js";
import { fileWith } from "./servers-file.js";

const server = (fields: object) => ({ mcpServers: { files: { command: "node", ...fields } } });

const badFiles: readonly [what: string, content: string | object, saying: string][] = [
  ["an unknown field", server({ lifecycel: {} }), "mcpServers.files.lifecycel: unknown field"],
  ["an unknown field at the top", { servers: {} }, "servers: unknown field"],
  ["malformed JSON", '{"mcpServers": {"files": {"command": }}}', "line 1, column 38: expected a value"],
  ["an empty file", "", "line 1, column 1"],
  ["no server", { mcpServers: {} }, "mcpServers: names no server"],
  ["a wrong type", server({ args: "index.js" }), "mcpServers.files.args: expected array"],
  ["an empty command", server({ command: "" }), "mcpServers.files.command: must not be empty"],
  [
    "both command and url",
    server({ url: "http://127.0.0.1" }),
    "mcpServers.files.url: a server has a command or a url, not both",
  ],
  ["a url that is none", { mcpServers: { far: { url: "far away" } } }, "mcpServers.far.url: not a URL"],
  [
    "a negative delay",
    server({ lifecycle: { verifyMs: -1 } }),
    "mcpServers.files.lifecycle.verifyMs: must be milliseconds",
  ],
  [
    "a delay too long for a timer",
    server({ lifecycle: { settleMs: 2 ** 31 } }),
    "mcpServers.files.lifecycle.settleMs: must be",
  ],
  [
    "a delay that is text",
    server({ lifecycle: { releaseMs: "5s" } }),
    "mcpServers.files.lifecycle.releaseMs: expected number",
  ],
  [
    "a bad limit",
    server({ lifecycle: { restart: { limit: -1 } } }),
    "mcpServers.files.lifecycle.restart.limit: must be",
  ],
  [
    "names that collide",
    { mcpServers: { "my files": { command: "a" }, my_files: { command: "b" } } },
    'mcpServers.my_files: "my files" and "my_files"',
  ],
];

const badOptions: readonly [options: readonly string[], saying: string][] = [
  [["demo", "--servers", "/does/not/exist.json"], "/does/not/exist.json: cannot be read: no such file"],
  [["demo", "--servers"], "argument missing"],
  [["demo", "--sessions", "0"], "From 1 to 100"],
  [["demo", "--sessions", "many"], "From 1 to 100"],
  [["demo", "--speed", "5"], "unknown option '--speed'"],
  [["demo", "now"], "too many arguments"],
  [["reap", "--force"], "unknown option '--force'"],
  [["dmeo"], "unknown command 'dmeo'"],
  [["--wat"], "unknown option '--wat'"],
  [[], "Usage: mcp-lifecycle"],
];

describe("mcp-lifecycle with bad input", () => {
  it.each(badFiles)("should exit with 2 and name the field of %s", async (_, content, saying) => {
    await expectRefusal(["demo", "--json", "--servers", await fileWith(content)], saying);
  });

  it.each(badOptions)("should exit with 2 for %j", async (options, saying) => {
    await expectRefusal(options, saying);
  });
});

describe("mcp-lifecycle", () => {
  it("should print its help and its version", async () => {
    expect(await runCli(["--help"])).toMatchObject({ code: 0, stdout: expect.stringContaining("demo") });
    expect(await runCli(["demo", "--help"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Exit code: 0"),
    });
    expect(await runCli(["--version"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
  });
});

async function expectRefusal(options: readonly string[], saying: string): Promise<void> {
  const cli = await runCli(options);
  expect(cli.code, cli.stderr).toBe(2);
  expect(cli.stdout).toBe("");
  expect(cli.stderr).toContain(saying);
  expect(cli.stderr, "a stack trace is for us, not for whoever mistyped").not.toMatch(/^\s+at /m);
  if (process.platform === "linux") await cli.nothingLeft();
}
