import { describe, expect, it } from "vitest";
import { parseServers, safeServerName, type ServerMap } from "../../src/config/index.js";
import { configErrorOf } from "./problem-of.js";

const secret = "s3cr3t-value";

describe("parseServers", () => {
  it("should give back every kind of server, with streamable-http as http", () => {
    const createServer = () => ({ connect: () => Promise.resolve(), close: () => Promise.resolve() });
    const env = () => ({ TOKEN: secret });
    const headers = async () => ({ Authorization: secret });
    const authProvider = { redirectUrl: undefined };

    const servers = parseServers({
      plain: { command: "node", args: ["server.js"], env: { TOKEN: secret }, cwd: "/srv" },
      typed: { type: "stdio", command: "node", env, lifecycle: { restart: false, required: true } },
      http: { url: "http://127.0.0.1:3000/mcp", headers, authProvider },
      alias: { type: "streamable-http", url: "https://example.com/mcp" },
      sse: { type: "sse", url: "https://example.com/sse", headers: { Authorization: secret } },
      here: { type: "in-memory", createServer },
    });

    expect(servers).toEqual({
      plain: { command: "node", args: ["server.js"], env: { TOKEN: secret }, cwd: "/srv" },
      typed: { type: "stdio", command: "node", env, lifecycle: { restart: false, required: true } },
      http: { url: "http://127.0.0.1:3000/mcp", headers, authProvider },
      alias: { type: "http", url: "https://example.com/mcp" },
      sse: { type: "sse", url: "https://example.com/sse", headers: { Authorization: secret } },
      here: { type: "in-memory", createServer },
    });
    expect((servers as Record<string, { authProvider?: unknown }>)["http"]?.authProvider).toBe(authProvider);
  });

  it("should accept the largest delay that a timer can hold", () => {
    const lifecycle = { verifyMs: 2 ** 31 - 1, inputEndedMs: 0 };
    expect(parseServers({ a: { command: "x", lifecycle } })).toEqual({ a: { command: "x", lifecycle } });
  });

  const stdio = { command: "node" };
  const http = { url: "http://127.0.0.1/mcp" };
  const lifecycle = (block: unknown) => ({ files: { ...stdio, lifecycle: block } });
  const bad: readonly [what: string, servers: unknown, field: string, saying: RegExp][] = [
    ["no object", [], "servers", /must be an object/],
    ["nothing", undefined, "servers", /must be an object/],
    ["a server that is no object", { files: "node" }, "servers.files", /must be an object/],
    ["a server that is null", { files: null }, "servers.files", /must be an object/],
    ["neither command nor url", { files: {} }, "servers.files", /neither a command nor a url/],
    ["both command and url", { files: { ...stdio, ...http } }, "servers.files.url", /not both/],
    [
      "an unknown field",
      { files: { ...stdio, lifecycel: {} } },
      "servers.files.lifecycel",
      /known are .*; did you mean lifecycle\?/,
    ],
    [
      "a command without a name after the close",
      lifecycle({ afterClose: { args: ["rm"] } }),
      "servers.files.lifecycle.afterClose.command",
      /is missing/,
    ],
    [
      "a command that may take no time",
      lifecycle({ afterClose: { command: "docker", timeoutMs: 0 } }),
      "servers.files.lifecycle.afterClose.timeoutMs",
      /more than 0/,
    ],
    [
      "an unknown field of that command",
      lifecycle({ afterClose: { command: "docker", timeout: 1 } }),
      "servers.files.lifecycle.afterClose.timeout",
      /did you mean timeoutMs\?/,
    ],
    [
      "a command after the close of what is no tree",
      { web: { ...http, lifecycle: { afterClose: { command: "docker" } } } },
      "servers.web.lifecycle.afterClose",
      /unknown field/,
    ],
    ["an unknown grace", lifecycle({ verfyMs: 1 }), "servers.files.lifecycle.verfyMs", /did you mean verifyMs\?/],
    [
      "an unknown restart field",
      lifecycle({ restart: { max: 1 } }),
      "servers.files.lifecycle.restart.max",
      /known are initialDelayMs/,
    ],
    ["an unknown type", { files: { ...stdio, type: "websocket" } }, "servers.files.type", /one of stdio, http/],
    ["a type that is no text", { files: { ...stdio, type: 5 } }, "servers.files.type", /one of stdio, http/],
    ["an url for stdio", { files: { type: "stdio", ...http } }, "servers.files.url", /unknown field/],
    ["a command for http", { files: { type: "http", ...stdio } }, "servers.files.command", /unknown field/],
    ["an empty command", { files: { command: "  " } }, "servers.files.command", /must not be empty/],
    ["a command that is no text", { files: { command: ["node"] } }, "servers.files.command", /expected string/],
    ["a NUL in the command", { files: { command: "no\0de" } }, "servers.files.command", /NUL/],
    ["args that are no list", { files: { ...stdio, args: "a b" } }, "servers.files.args", /expected array/],
    ["an arg that is no text", { files: { ...stdio, args: ["a", 5] } }, "servers.files.args[1]", /expected string/],
    ["an empty cwd", { files: { ...stdio, cwd: "" } }, "servers.files.cwd", /must not be empty/],
    ["an environment that is a list", { files: { ...stdio, env: ["A=1"] } }, "servers.files.env", /expected record/],
    [
      "a variable that is a number",
      { files: { ...stdio, env: { PORT: 80 } } },
      "servers.files.env.PORT",
      /expected string/,
    ],
    [
      "a variable's name with =",
      { files: { ...stdio, env: { "A=B": "" } } },
      'servers.files.env["A=B"]',
      /name must not/,
    ],
    ["a url that is none", { files: { url: "localhost/mcp" } }, "servers.files.url", /not a URL/],
    ["a url of a file", { files: { url: "file:///mcp" } }, "servers.files.url", /must be http or https, not file:/],
    ["a url that is no text", { files: { url: 80 } }, "servers.files.url", /expected string/],
    [
      "a header's name with a space",
      { files: { ...http, headers: { "A b": "" } } },
      'servers.files.headers["A b"]',
      /not a header name/,
    ],
    [
      "a header with a line break",
      { files: { ...http, headers: { A: "a\r\nB: b" } } },
      "servers.files.headers.A",
      /line break/,
    ],
    [
      "an authProvider that is a word",
      { files: { ...http, authProvider: "me" } },
      "servers.files.authProvider",
      /OAuthClientProvider/,
    ],
    [
      "an in-memory server without its maker",
      { files: { type: "in-memory" } },
      "servers.files.createServer",
      /must be a function/,
    ],
    [
      "required that is no boolean",
      lifecycle({ required: "yes" }),
      "servers.files.lifecycle.required",
      /expected boolean/,
    ],
    ["restart that is true", lifecycle({ restart: true }), "servers.files.lifecycle.restart", /expected object/],
    [
      "a negative limit",
      lifecycle({ restart: { limit: -1 } }),
      "servers.files.lifecycle.restart.limit",
      /whole number/,
    ],
    ["half a limit", lifecycle({ restart: { limit: 1.5 } }), "servers.files.lifecycle.restart.limit", /whole number/],
    [
      "a limit within no time",
      lifecycle({ restart: { withinMs: 0 } }),
      "servers.files.lifecycle.restart.withinMs",
      /more than 0/,
    ],
    [
      "delays that shrink",
      lifecycle({ restart: { initialDelayMs: 2, maxDelayMs: 1 } }),
      "servers.files.lifecycle.restart.maxDelayMs",
      /must not be below/,
    ],
    ["an empty name", { "": stdio }, 'servers[""]', /must not be empty/],
    ["names that collide", { "my files": stdio, my_files: stdio }, "servers.my_files", /"my files" and "my_files"/],
    [
      "long names that collide",
      { [`${"x".repeat(64)}1`]: stdio, [`${"x".repeat(64)}2`]: stdio },
      `servers.${"x".repeat(64)}2`,
      /x1.*x2/,
    ],
  ];

  it.each(bad)("should refuse %s", async (_, servers, field, saying) => {
    const error = await configErrorOf(() => parseServers(servers));

    expect(error.field).toBe(field);
    expect(error.message.startsWith(`${field}: `), error.message).toBe(true);
    expect(error.message).toMatch(saying);
  });

  const delays = [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "100", null, true];
  const graces = [
    "connectTimeoutMs",
    "callTimeoutMs",
    "settleMs",
    "releaseMs",
    "inputEndedMs",
    "terminatingMs",
    "verifyMs",
    "idleTimeoutMs",
  ];

  it.each(graces)("should refuse each bad delay in %s", async (grace) => {
    for (const delay of delays) {
      const error = await configErrorOf(() => parseServers(lifecycle({ [grace]: delay })));
      expect(error.field, `for ${String(delay)}`).toBe(`servers.files.lifecycle.${grace}`);
    }
  });

  it("should list all problems and name the first as the field", async () => {
    const error = await configErrorOf(() =>
      parseServers({ a: { command: "" }, b: { url: "x" } }, { source: "mcpServers" }),
    );

    expect(error.field).toBe("mcpServers.a.command");
    expect(error.message.split("\n")).toEqual([
      "mcpServers.a.command: must not be empty",
      "mcpServers.b.url: not a URL; it looks like https://host/mcp",
    ]);
  });

  it("should never print a secret", async () => {
    const error = await configErrorOf(() =>
      parseServers({
        env: { command: "x", env: { A: `${secret}\0`, B: [secret], "C=": secret } },
        headers: { url: `ftp://user:${secret}@host/`, headers: { A: `${secret}\n`, B: [secret], "C c": secret } },
        query: { url: `host?token=${secret}` },
      }),
    );

    expect(error.message.split("\n")).toHaveLength(8);
    expect(JSON.stringify(error) + error.message + String(error.cause)).not.toContain(secret);
  });

  it("should keep a server called __proto__ apart from the prototype", () => {
    const servers: ServerMap = parseServers(JSON.parse('{"__proto__": {"command": "x"}}'));
    expect(Object.keys(servers)).toEqual(["__proto__"]);
  });
});

describe("safeServerName", () => {
  it("should leave what providers accept and replace the rest", () => {
    expect(safeServerName("my-files_2")).toBe("my-files_2");
    expect(safeServerName("my files/ü.js")).toBe("my_files___js");
    expect(safeServerName("x".repeat(80))).toHaveLength(64);
  });
});
