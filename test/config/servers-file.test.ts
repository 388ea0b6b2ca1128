import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadServersFile } from "../../src/config/index.js";
import { configErrorOf } from "./problem-of.js";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcp-lifecycle-config-"));
  file = join(folder, "mcp.json");
});
afterEach(() => rm(folder, { recursive: true }));

describe("loadServersFile", () => {
  it("should read the ecosystem's format, with a byte order mark and a $schema", async () => {
    const mcpServers = {
      files: { command: "npx", args: ["-y", "x"] },
      remote: { type: "streamable-http", url: "https://example.com/mcp" },
    };
    await writeFile(file, `\uFEFF${JSON.stringify({ $schema: "https://example.com/schema.json", mcpServers })}`);

    expect(await loadServersFile(file)).toEqual({
      files: { command: "npx", args: ["-y", "x"] },
      remote: { type: "http", url: "https://example.com/mcp" },
    });
  });

  it("should name the file and the field of a bad value", async () => {
    await writeFile(file, JSON.stringify({ mcpServers: { files: { command: "x", lifecycel: {} } } }));

    const error = await configErrorOf(() => loadServersFile(file));

    expect(error.field).toBe("mcpServers.files.lifecycel");
    expect(error.message).toContain(`(in ${file}:1:39)`);
  });

  it("should read comments and trailing commas", async () => {
    await writeFile(
      file,
      '{\n  // ours\n  "mcpServers": { "a": { "command": "x", "args": ["1", /* two */ "2",], }, },\n}\n',
    );
    expect(await loadServersFile(file)).toEqual({ a: { command: "x", args: ["1", "2"] } });
  });

  it("should name the line and column of each problem, in the order of the file", async () => {
    await writeFile(
      file,
      `{ "mcpServers": {
        "a": { "command": "", "args": ["x", 1] },
        "b": { "url": "\${NOWHERE}" },
        "c": { "lifecycle": {} } } }`,
    );

    const { message } = await configErrorOf(() => loadServersFile(file, { environment: {} }));

    expect(message.split("\n")).toEqual([
      `mcpServers.a.command: must not be empty (in ${file}:2:16)`,
      `mcpServers.a.args[1]: expected string, received number (in ${file}:2:45)`,
      `mcpServers.b.url: the environment variable NOWHERE is not set; set it, or give a default: \${NOWHERE:-…} (in ${file}:3:16)`,
      `mcpServers.c: has neither a command nor a url (in ${file}:4:9)`,
    ]);
  });

  const inCodeOnly: readonly [what: string, server: unknown, field: string][] = [
    ["an authProvider", { url: "https://example.com", authProvider: {} }, "mcpServers.a.authProvider"],
    ["a server in memory", { type: "in-memory", createServer: "x" }, "mcpServers.a.type"],
  ];
  it.each(inCodeOnly)("should refuse %s, which code alone can give", async (_, server, field) => {
    await writeFile(file, JSON.stringify({ mcpServers: { a: server } }));
    expect((await configErrorOf(() => loadServersFile(file))).field).toBe(field);
  });

  it("should name mcpServers where it is missing or misspelt", async () => {
    await writeFile(file, "{}");
    expect((await configErrorOf(() => loadServersFile(file))).message).toContain("mcpServers: is missing");

    await writeFile(file, '{"mcpServer": {}}');
    const error = await configErrorOf(() => loadServersFile(file));
    expect(error.field).toBe("mcpServer");
    expect(error.message).toContain("did you mean mcpServers?");
  });

  const malformed: readonly [text: string, place: string, saying: RegExp][] = [
    ["", "line 1, column 1", /expected a value, found the end/],
    ["{", "line 1, column 2", /expected }, found the end/],
    ['{"a": }', "line 1, column 7", /expected a value, found }/],
    ['{\n  "a": 1,,\n}', "line 2, column 10", /expected a field's name in double quotes, found ,/],
    ['{"a": 1 "b": 2}', "line 1, column 9", /expected ,/],
    ['{"a" 1}', "line 1, column 6", /expected :/],
    ["{'a': 1}", "line 1, column 2", /neither a value nor a name in double quotes, found '/],
    ['{"a": "b\n"}', "line 1, column 7", /not closed on its line/],
    ['{"a": "\\x"}', "line 1, column 7", /escape sequence/],
    ['{"a": "\\u00g0"}', "line 1, column 7", /escape sequence/],
    ['{"a": "b\tc"}', "line 1, column 7", /control character/],
    ["[1 2]", "line 1, column 4", /expected ,/],
    ["[1e]", "line 1, column 2", /number is not finished/],
    ["{} {}", "line 1, column 4", /something follows/],
    ["// a comment\n{} /* another", "line 2, column 4", /comment is not closed/],
    ["[NaN]", "line 1, column 2", /neither a value/],
    ["[".repeat(200), "line 1, column 102", /nested too deep/],
    ["[".repeat(1_000_000), "line 1, column 102", /nested too deep/],
    ['{"mcpServers": {\n "a": {},\n "a": {}}}', "line 3, column 2", /"a" is given twice/],
  ];
  it.each(malformed)("should say where a text is no JSON (%#)", async (text, place, saying) => {
    await writeFile(file, text);

    const error = await configErrorOf(() => loadServersFile(file));

    expect(error.field).toBe(file);
    expect(error.message).toContain(`${file}: ${place}: `);
    expect(error.message).toMatch(saying);
  });

  it("should not quote the text around a fault, which may be a secret", async () => {
    await writeFile(file, '{"mcpServers": {"a": {"env": {"TOKEN": s3cr3t}}}}');
    const error = await configErrorOf(() => loadServersFile(file));
    expect(error.message + String(error.cause)).not.toMatch(/s3c|TOKEN/);
  });

  it("should say why a file cannot be read", async () => {
    expect((await configErrorOf(() => loadServersFile(file))).message).toBe(`${file}: cannot be read: no such file`);
    expect((await configErrorOf(() => loadServersFile(folder))).message).toBe(
      `${folder}: cannot be read: it is a folder`,
    );
  });
});
