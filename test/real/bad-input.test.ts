import { describe, expect, it, vi } from "vitest";
import { createSupervisor, type ServerConfig } from "../../src/index.js";
import { shortGraces } from "./support/graces.js";
import { startHostileSubject } from "./support/hostile-subjects.js";
import { markedProcesses } from "./support/marked-processes.js";
import { freePort } from "../../src/cli/demo/free-port.js";
import { runGateway } from "./support/run-gateway.js";
import { rejection } from "./support/until.js";

vi.setConfig({ maxConcurrency: 6 });

interface Bad {
  readonly config: ServerConfig;
  /** What the error is to say, beside the names of server and session. */
  readonly error: object;
  /** Whether something is started at all. */
  readonly starts?: boolean;
}

const program = (script: string) => ({ command: process.execPath, args: ["-e", script] });
const closedPort = await freePort();
/** The error names what failed in its message, and what it was by its cause. */
const spawnFailure = (field: string, what: string) => ({
  code: "OPEN_FAILED",
  stage: "spawn",
  message: expect.stringMatching(`${field}: .*${what}`),
  cause: expect.objectContaining({ code: "SPAWN_FAILED", field }),
});
const soon = { ...shortGraces, connectTimeoutMs: 3_000 };

const bad: Readonly<Record<string, Bad>> = {
  "a command that does not exist": {
    config: { command: "/nonexistent/mcp-server" },
    error: spawnFailure("command", "/nonexistent/mcp-server"),
  },
  "a command that is not executable": {
    config: { command: "/etc/passwd" },
    error: spawnFailure("command", "/etc/passwd"),
  },
  "a working directory that does not exist": {
    config: { ...program("0"), cwd: "/nonexistent/folder" },
    error: spawnFailure("cwd", "/nonexistent/folder"),
  },
  "a URL where nobody listens": {
    config: { url: `http://127.0.0.1:${closedPort}/mcp` },
    error: { code: "OPEN_FAILED", stage: "connect", message: expect.stringContaining("ECONNREFUSED") },
  },
  "an SSE URL where nobody listens": {
    config: { type: "sse", url: `http://127.0.0.1:${closedPort}/sse` },
    error: { code: "OPEN_FAILED", stage: "connect" },
  },
  "a program that exits at once": {
    config: program(`console.error("no licence"); process.exit(3)`),
    error: { code: "OPEN_FAILED", stage: "initialize", message: expect.stringMatching(/code 3.*no licence/) },
  },
  "a program that repeats what it reads (cat)": {
    config: { command: "cat", lifecycle: soon },
    error: { message: expect.stringMatching(/server "bad"/) },
    starts: true,
  },
  "a program that says nothing (sleep)": {
    config: { command: "sleep", args: ["100"], lifecycle: soon },
    error: { code: "CONNECT_TIMEOUT", message: expect.stringContaining("3000 ms") },
    starts: true,
  },
  "a program that says on its stderr what it waits for": {
    config: {
      ...program(`console.error("waiting for the licence server"); setInterval(() => {}, 1000)`),
      lifecycle: soon,
    },
    error: { code: "CONNECT_TIMEOUT", message: expect.stringContaining("waiting for the licence server") },
    starts: true,
  },
  "a program that answers with what is no JSON-RPC": {
    config: {
      ...program(`process.stdin.on("data", () => console.log('{"jsonrpc":"1.0"}\\n[1,2\\nnull'))`),
      lifecycle: soon,
    },
    error: { code: "CONNECT_TIMEOUT" },
    starts: true,
  },
  "a program that answers with a line that never ends": {
    config: { ...program(`const x = "x".repeat(1 << 20); const go = () => process.stdout.write(x, go); go()`) },
    error: { code: "OPEN_FAILED", message: expect.stringMatching(/10485760|bytes|line/) },
    starts: true,
  },
};

describe.runIf(process.platform === "linux").concurrent("an opening", () => {
  it.each(Object.entries(bad))(
    "should fail with a typed error and leave nothing: %s",
    async (_name, { config, error, starts }) => {
      const marked = markedProcesses();
      const servers = { bad: { lifecycle: shortGraces, ...config, ...("command" in config && { env: marked.env }) } };
      const supervisor = createSupervisor({ servers, signals: false });
      try {
        const session = supervisor.session("chat");
        const asked = session.run((lease) => lease.client("bad"));
        const pid = () => supervisor.inspect().sessions[0]?.connections[0]?.pid;
        if (starts) await marked.begun(pid).then(() => marked.remember(pid()));
        const rejected = (await rejection(asked)) as Error;

        // It is reported when what was started is gone (LP-19).
        if (starts) await marked.nothingLeft();
        expect(marked.alive()).toEqual([]);
        expect(rejected).toMatchObject({ server: "bad", session: "chat", ...error });
        expect(rejected.message).toContain('server "bad"');
        const { failures } = await session.run((lease) => lease.catalog());
        expect(failures["bad"]).toMatchObject({ server: "bad" });
        const receipt = await session.end();
        expect(receipt).toMatchObject({ outcome: "closed", netUsed: false });
      } finally {
        marked.killRest();
        await supervisor.shutdown();
      }
    },
  );

  // In a process of its own, because a gateway that reads all of it does nothing else any more.
  it("should fail, and its gateway go on, where a program never stops talking (yes)", async () => {
    const marked = markedProcesses();
    const servers = { talkative: { command: "yes", env: marked.env, lifecycle: soon } };
    try {
      const { code, receipts } = await runGateway({ servers, end: "end of every session", reason: "ended" });
      expect(marked.alive()).toEqual([]);
      expect(code).toBe(0);
      expect(receipts).toMatchObject([{ outcome: "closed", netUsed: false, connections: [{ wasOpen: false }] }]);
    } finally {
      marked.killRest();
    }
  });

  it("should not fail for the servers beside a bad one", async () => {
    await using good = await startHostileSubject("well-behaved");
    const servers = {
      bad: { command: "/nonexistent/mcp-server" },
      silent: { command: "sleep", args: ["100"], lifecycle: soon },
      good: good.config,
    };
    const supervisor = createSupervisor({ servers, signals: false });
    const session = supervisor.session("chat");
    const { tools, failures } = await session.run((lease) => lease.catalog());
    expect(Object.keys(failures).toSorted()).toEqual(["bad", "silent"]);
    expect(new Set(tools.map(({ server }) => server))).toEqual(new Set(["good"]));
    expect(await session.end()).toMatchObject({ outcome: "closed", netUsed: false });
    await good.nothingLeft();
    await supervisor.shutdown();
  });

  it("should be refused before anything is made of a configuration that cannot be used", () => {
    const make = (server: object) => () => createSupervisor({ servers: { bad: server as ServerConfig } });
    expect(make({})).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", field: expect.stringContaining("bad") }),
    );
    expect(make({ command: "x", lifecycle: { settleMs: -1 } })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", field: expect.stringMatching(/bad\.lifecycle\.settleMs/) }),
    );
    expect(make({ url: "not a url" })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", field: expect.stringMatching(/bad\.url/) }),
    );
  });
});
