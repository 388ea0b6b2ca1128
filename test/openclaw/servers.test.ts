import { describe, expect, test } from "vitest";
import { toCatalog } from "../../src/openclaw/catalog.js";
import { type Dialect, readServers } from "../../src/openclaw/read-servers.js";
import { redactCommandLine, redactUrls } from "../../src/openclaw/redact.js";
import { safeServerNames } from "../../src/openclaw/safe-names.js";

describe("a server's name", () => {
  const safe = (names: string[], startWithLetter = false) => [...safeServerNames(names, { startWithLetter }).values()];

  test("should be what model providers accept, and unique whatever its case", () => {
    expect(safe(["files", "my files!", "  ", "Files", "x".repeat(40), "x".repeat(41)])).toEqual([
      "files",
      "my-files-",
      "mcp",
      "Files-2",
      "x".repeat(30),
      `${"x".repeat(28)}-2`,
    ]);
  });

  test("should begin with a letter where OpenClaw's does", () => {
    expect(safe(["7zip", "_under"], true)).toEqual(["mcp-7zip", "mcp-_under"]);
    expect(safe(["7zip"])).toEqual(["7zip"]);
  });
});

describe("what is told of a server", () => {
  test("should hold no secret of a URL", () => {
    expect(redactUrls("failed: https://me:pw@host/mcp?token=abc&page=2 (x)")).toBe(
      "failed: https://***:***@host/mcp?token=***&page=2 (x)",
    );
  });

  test("should hold no secret of a command line", () => {
    expect(redactCommandLine(["npx", "srv", "--api-key", "abc", "--token=xyz", "token", "https://a:b@h/"])).toBe(
      "npx srv --api-key *** --token=*** token https://***:***@h/",
    );
  });
});

describe("OpenClaw's configuration", () => {
  const read = (servers: Record<string, unknown>, dialect: Dialect = "getOrCreate", more = {}) =>
    readServers(
      { sessionId: "one", workspaceDir: "/w", cfg: { mcp: { servers } }, ...more },
      { dialect, lifecycle: { terminatingMs: 7 } },
    );

  test("should be read as OpenClaw reads it", () => {
    const { servers, skipped } = read({
      files: {
        command: "srv",
        args: ["a", 1],
        env: { A: "x", B: 2, C: {} },
        workingDirectory: "/d",
        connectionTimeoutMs: 5,
      },
      web: { url: "https://host/mcp", transport: "streamable-http", headers: { H: true } },
      old: { url: "https://host/sse" },
    });
    expect(skipped).toEqual([]);
    expect(servers.map(({ config }) => config)).toMatchObject([
      {
        command: "srv",
        args: ["a"],
        env: { A: "x", B: "2" },
        cwd: "/d",
        lifecycle: { connectTimeoutMs: 5, terminatingMs: 7 },
      },
      { type: "http", url: "https://host/mcp", headers: { H: "true" } },
      { type: "sse", url: "https://host/sse" },
    ]);
    expect(servers.map(({ summary }) => summary)).toEqual(["srv a (cwd=/d)", "https://host/mcp", "https://host/sse"]);
  });

  test("should say of a server that only OpenClaw can open, and that came while the gateway ran, what would do", () => {
    const { servers, skipped } = read({ files: { command: "srv" }, web: { url: "https://host/mcp", auth: "oauth" } });
    expect(servers.map(({ name }) => name)).toEqual(["files"]);
    expect(skipped).toMatchObject([
      { name: "web", why: expect.stringMatching(/auth, which only OpenClaw can use; .*restart the gateway/) as string },
    ]);
  });

  test("should lose no server because another one cannot be read", () => {
    const { servers, skipped } = read({
      bad: { url: "ftp://u:secret@host" },
      none: {},
      files: { command: "srv" },
      no: 1,
    });
    expect(servers.map(({ name }) => name)).toEqual(["files"]);
    expect(skipped).toMatchObject([
      { name: "bad", why: expect.stringContaining("mcp.servers.bad") as string },
      { name: "none" },
    ]);
    expect(JSON.stringify(skipped)).not.toContain("secret");
  });

  test("should have another fingerprint when a server is another", () => {
    const { fingerprint } = read({ files: { command: "srv" } });
    expect(read({ files: { command: "srv" } }).fingerprint).toBe(fingerprint);
    expect(read({ files: { command: "srv", args: ["x"] } }).fingerprint).not.toBe(fingerprint);
  });

  test("should be read as 2026.9 reads it where that asks: switched off, filtered, without loader variables", () => {
    const servers = {
      off: { command: "srv", enabled: false },
      files: { command: "srv", env: { LD_PRELOAD: "x", OK: "1" }, requestTimeoutMs: 9 },
      web: { url: "https://host", type: "http" },
    };
    const older = read(servers);
    expect(older.servers.map(({ name }) => name)).toEqual(["off", "files", "web"]);
    const newer = read(servers, "acquire", {
      toolOverrides: { mcpServers: { web: false }, mcpToolsDeny: { files: ["x"] } },
    });
    expect(newer.servers).toMatchObject([
      { name: "files", requestTimeoutMs: 9, deniedTools: ["x"], config: { env: { OK: "1" } } },
    ]);
    expect(read(servers, "acquire").servers.at(-1)).toMatchObject({ config: { type: "http" } });
  });
});

test("a catalogue should have OpenClaw's shape, without tools that are hidden or denied", () => {
  const { servers } = readServers(
    {
      sessionId: "one",
      workspaceDir: "/w",
      cfg: {
        mcp: {
          servers: { "my files": { command: "srv", toolFilter: { include: ["read*", "den*"], exclude: ["*_x"] } } },
        },
      },
      toolOverrides: { mcpToolsDeny: { "my files": ["denied"] } },
    },
    { dialect: "acquire", lifecycle: {} },
  );
  const tools = ["read", "read_x", "denied", "write", " "].map((name) => ({ name, description: " ", inputSchema: {} }));
  const catalog = toCatalog(
    servers,
    {
      tools: new Map([["my-files", tools]]),
      failures: new Map(),
      capabilities: new Map([["my-files", { tools: { listChanged: true } }]]),
    },
    5,
  );
  expect(catalog).toMatchObject({
    version: 1,
    generatedAt: 5,
    servers: {
      "my files": { safeServerName: "my-files", launchSummary: "srv", toolCount: 1, tools: { listChanged: true } },
    },
    tools: [
      {
        serverName: "my files",
        safeServerName: "my-files",
        toolName: "read",
        description: undefined,
        fallbackDescription: 'Provided by bundle MCP server "my files" (srv).',
      },
    ],
    sessionDeniedTools: [{ toolName: "denied", deniedBySession: true }],
  });
  expect(catalog.policyTools).toHaveLength(4);
  expect(catalog.diagnostics).toBeUndefined();
});

test("a catalogue should say what OpenClaw must know to hide, deny or ask for a tool that it makes or calls itself", () => {
  const server = {
    command: "srv",
    toolFilter: { include: ["read*"], exclude: ["*_list"] },
    codex: { defaultToolsApprovalMode: "prompt" },
  };
  const { servers } = readServers(
    {
      sessionId: "one",
      workspaceDir: "/w",
      cfg: { mcp: { servers: { files: server } } },
      toolOverrides: { mcpToolsDeny: { files: ["resources_read"] } },
    },
    { dialect: "acquire", lifecycle: {} },
  );
  const tool = {
    name: "read",
    inputSchema: {},
    annotations: { readOnlyHint: true, title: "Read", openWorldHint: "no" },
  };
  const catalog = toCatalog(
    servers,
    { tools: new Map([["files", [tool]]]), failures: new Map(), capabilities: new Map() },
    5,
  );
  expect(catalog.servers["files"]).toMatchObject({
    toolFilter: { include: ["read*"], exclude: ["*_list"] },
    deniedToolNames: ["resources_read"],
    codexApprovalMode: "prompt",
  });
  expect(catalog.tools[0]?.codexAnnotations).toEqual({ readOnlyHint: true });
});
