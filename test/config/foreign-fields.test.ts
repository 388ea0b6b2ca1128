import { describe, expect, it } from "vitest";
import { readServers } from "../../src/config/read-servers.js";

const read = (file: object) => readServers(JSON.stringify(file), {});
const readServer = (server: object) => read({ mcpServers: { a: server } });
const said = (findings: readonly { field?: string | undefined; text: string }[]) =>
  findings.map(({ field, text }) => `${field}: ${text}`);

describe("a file of another program", () => {
  it("should be read as the programs it comes from wrote it", () => {
    const { servers, problems, warnings, disabled } = read({
      inputs: [{ id: "key", type: "promptString" }],
      mcpServers: {
        cline: { command: "x", args: [], disabled: false, autoApprove: ["t"], timeout: 60, type: "stdio" },
        roo: { type: "streamable-http", url: "http://127.0.0.1/r", alwaysAllow: [], disabledTools: ["t"] },
        gemini: { httpUrl: "http://127.0.0.1/g", trust: true, includeTools: ["t"], description: "d" },
        windsurf: { serverUrl: "http://127.0.0.1/w", disabled: true },
        fastmcp: { url: "http://127.0.0.1/f", transport: "sse" },
        newCline: { url: "http://127.0.0.1/n", type: "streamableHttp" },
        zed: { command: "x", enabled: false, source: "custom" },
      },
    });

    expect(problems).toEqual([]);
    expect(servers).toEqual({
      cline: { command: "x", args: [], type: "stdio" },
      roo: { type: "http", url: "http://127.0.0.1/r" },
      gemini: { url: "http://127.0.0.1/g" },
      fastmcp: { url: "http://127.0.0.1/f", type: "sse" },
      newCline: { url: "http://127.0.0.1/n", type: "http" },
    });
    expect(disabled).toEqual(["windsurf", "zed"]);
    expect(new Set(warnings.map(({ field }) => field))).toEqual(
      new Set([
        "inputs",
        "mcpServers.cline.autoApprove",
        "mcpServers.cline.timeout",
        "mcpServers.gemini.description",
        "mcpServers.gemini.includeTools",
        "mcpServers.gemini.trust",
        "mcpServers.roo.alwaysAllow",
        "mcpServers.roo.disabledTools",
      ]),
    );
  });

  it("should be told what is not done", () => {
    const { warnings } = readServer({ command: "x", excludeTools: ["rm"], timeout: 60 });
    expect(said(warnings)).toEqual([
      expect.stringMatching(/^mcpServers.a.excludeTools: ignored: every tool of the server is offered/),
      expect.stringMatching(/^mcpServers.a.timeout: ignored: some programs count it in seconds/),
    ]);
  });

  it("should not be asked for variables of a server that is disabled, nor for anything else of it", () => {
    const { disabled, problems } = readServer({ disabled: true, url: "${NOWHERE}", comand: 1 });
    expect({ disabled, problems }).toEqual({ disabled: ["a"], problems: [] });
  });

  const bad: readonly [what: string, server: object, saying: RegExp][] = [
    [
      "a field that nobody knows",
      { command: "x", comand: "y" },
      /^mcpServers.a.comand: unknown field; .*mean command\?/,
    ],
    ["a field that every object has", { command: "x", constructor: 1 }, /^mcpServers.a.constructor: unknown field/],
    ["two names of one field", { url: "http://a", httpUrl: "http://b" }, /^mcpServers.a.httpUrl: another name of url/],
    ["a switch that is text", { command: "x", disabled: "yes" }, /^mcpServers.a.disabled: expected boolean/],
    ["a transport nobody knows", { url: "http://a", transport: "ws" }, /^mcpServers.a.type: must be one of/],
  ];
  it.each(bad)("should be refused %s", (_, server, saying) => {
    expect(said(readServer(server).problems)).toEqual([expect.stringMatching(saying)]);
  });

  it("should be told what mcpServers is called here", () => {
    expect(said(read({ servers: {}, mcpServers: {} }).problems)).toEqual([
      "servers: unknown field; here it is mcpServers",
    ]);
  });
});
