import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { describe, expect, onTestFinished, test } from "vitest";
import { createSupervisor, type SupervisorOptions } from "../../src/index.js";

function echoServer(): McpServer {
  const server = new McpServer({ name: "memory", version: "1" });
  server.registerTool("echo", {}, () => ({ content: [{ type: "text", text: "hi" }] }));
  return server;
}

const servers = { memory: { type: "in-memory", createServer: echoServer } } as const;

/** A supervisor of this process; it writes nothing unless it is told to, and is shut down by the end of the test. */
function made(options: SupervisorOptions = {}) {
  const supervisor = createSupervisor({ ledger: false, ...options });
  onTestFinished(async () => void (await supervisor.shutdown()));
  return supervisor;
}

const signalListeners = () => process.listenerCount("SIGHUP");

describe("a supervisor that is created", () => {
  test("should serve the servers it was given, by the clients its host makes, until it is shut down", async () => {
    const greeted: string[] = [];
    const supervisor = made({ servers, onClient: (_client, { server }) => void greeted.push(server) });
    const answer = await supervisor.session("chat").run((lease) => lease.callTool("memory", "echo"));
    expect(answer).toMatchObject({ content: [{ text: "hi" }] });
    expect(greeted).toEqual(["memory"]);
    expect(await supervisor.shutdown()).toMatchObject({ closed: 1, leaked: 0 });
  });

  test("should have no servers unless it is given some", async () => {
    const lease = await made().session("chat").acquire();
    expect(await lease.catalog()).toEqual({ tools: [], failures: {} });
  });

  test("should refuse a limit that there is not, and keep those there are", async () => {
    expect(() => made({ limits: { sessions: 1 } as never })).toThrow(/limits\.sessions/);
    const supervisor = made({ servers, limits: { liveSessions: 1 } });
    await supervisor.session("chat").acquire();
    await expect(supervisor.session("other").acquire()).rejects.toMatchObject({ code: "ADMISSION" });
  });
});

describe("the ledger of a supervisor that is created", () => {
  test("should be off where it is not wanted", () => {
    expect(made({ ledger: false }).inspect().recovery).toMatchObject({
      ledger: { state: "off" },
      guardian: { state: "off" },
    });
  });

  test("should be kept where it is, and let go at the shutdown", async () => {
    const directory = mkdtempSync(join(tmpdir(), "mcp-ledger-"));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const supervisor = made({ servers, ledger: { directory } });
    expect(supervisor.inspect().recovery).toMatchObject({
      ledger: { state: "kept", folder: expect.stringContaining(directory) },
      guardian: { state: "idle" },
    });
    expect(await supervisor.shutdown()).toMatchObject({ leaked: 0 });
  });
});

describe("the signals of the process", () => {
  test("should be listened for until the shutdown, unless the host does not want that", async () => {
    const before = signalListeners();
    made({ signals: false });
    expect(signalListeners()).toBe(before);
    const supervisor = made();
    expect(signalListeners()).toBe(before + 1);
    await supervisor.shutdown();
    expect(signalListeners()).toBe(before);
  });
});

describe("the stack of whoever acquired a lease", () => {
  test.each([
    { options: {}, isKept: false },
    { options: { leaseWarnMs: 60_000 }, isKept: true },
    { options: { leaseWarnMs: 60_000, traceLeases: false }, isKept: false },
    { options: { traceLeases: true }, isKept: true },
  ])("should be kept: $isKept, with $options", async ({ options, isKept }) => {
    const supervisor = made({ servers, ...options });
    await supervisor.session("chat").acquire();
    const stack = supervisor.inspect().sessions[0]?.leases[0]?.acquiredBy;
    expect(stack !== undefined).toBe(isKept);
  });
});
