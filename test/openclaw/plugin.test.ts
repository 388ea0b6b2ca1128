import { readFileSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import { parsePluginConfig } from "../../src/openclaw/plugin-config.js";
import { endForReason } from "../../src/openclaw/end-reasons.js";
import { isOneShot } from "../../src/openclaw/one-shot.js";
import { standingManager, takeSlot } from "../../src/openclaw/manager-slot.js";
import { emptySlot, fakeOpenClaw, slot, slots } from "./support/fake-openclaw.js";
import { managed } from "./support/managed.js";

describe("registering the plugin", () => {
  test("should put a manager where OpenClaw looks for one, and load nothing that starts servers", () => {
    emptySlot();
    const { register, hooks } = fakeOpenClaw();
    register();
    const manager = slots[slot] as Record<string, unknown>;
    for (const method of [
      "getOrCreate",
      "bindSessionKey",
      "resolveSessionId",
      "disposeSession",
      "disposeAll",
      "listSessionIds",
    ])
      expect(typeof manager[method], method).toBe("function");
    for (const method of ["acquire", "peekSession", "deferRetirement", "completeDeferredRetirement", "reloadConfig"])
      expect(typeof manager[method], method).toBe("function");
    expect(hooks()).toEqual([
      "gateway_start",
      "gateway_stop",
      "session_end",
      "agent_end",
      "subagent_spawned",
      "subagent_ended",
    ]);
  });

  test("twice in one process, as OpenClaw does, should keep the manager that is in use", async () => {
    emptySlot();
    const { manager, request, run } = managed();
    takeSlot(manager);
    await run(manager.getOrCreate(request("one")));
    fakeOpenClaw().register();
    expect(standingManager()).toBe(manager);
    await run(manager.disposeAll());
    fakeOpenClaw().register();
    expect(standingManager()).not.toBe(manager);
  });

  test("once more should shut down the manager that it takes the place of: its guardian would stay for good", async () => {
    emptySlot();
    const { manager, supervisor, request, run } = managed();
    takeSlot(manager);
    await run(manager.getOrCreate(request("one")));
    await run(manager.disposeAll());

    fakeOpenClaw().register();

    expect(() => supervisor.session("late")).toThrow("shutting down");
  });

  test("should refuse, and say what to do, where another manager is in use", () => {
    emptySlot();
    const others = { listSessionIds: () => ["theirs"] };
    slots[slot] = others;
    expect(() => fakeOpenClaw().register()).toThrow(/another manager .* in use, with 1 sessions.*restart the gateway/);
    expect(slots[slot]).toBe(others);
  });

  test("should take the place of another manager that has no session", () => {
    emptySlot();
    slots[slot] = { listSessionIds: () => [] };
    fakeOpenClaw().register();
    expect(standingManager()).toBeDefined();
  });

  test.each([
    ["auth", { url: "https://host", auth: "oauth" }],
    ["clientCert", { url: "https://host", clientCert: "file" }],
  ])("should leave OpenClaw its own manager for a server that only it can open: %s", (field, server) => {
    emptySlot();
    const { register, said, hooks } = fakeOpenClaw({ config: { mcp: { servers: { web: server } } } });
    register();
    expect(slots[slot]).toBeUndefined();
    expect(hooks()).toEqual([]);
    expect(said).toEqual([expect.stringMatching(new RegExp(`^warn: .*server "web" has ${field}`))]);
  });
});

describe("plugins that bring MCP servers of their own", () => {
  const registry = Symbol.for("openclaw.pluginRegistryState");
  const bundle = { id: "claude-tools", enabled: true, format: "bundle", bundleCapabilities: ["skills", "mcpServers"] };
  function load(...plugins: object[]) {
    slots[registry] = { activeRegistry: { plugins } };
    onTestFinished(() => {
      delete slots[registry];
    });
  }

  test("should have OpenClaw keep its own manager, which alone can open them", async () => {
    emptySlot();
    load(bundle);
    const { register, fire, said } = fakeOpenClaw();
    register();
    const left = standingManager();
    await fire("gateway_start", {});
    expect(slots[slot]).toBeUndefined();
    await expect(left?.getOrCreate({ sessionId: "late", workspaceDir: "/" })).rejects.toMatchObject({
      code: "SHUTDOWN",
    });
    expect(said).toEqual([expect.stringMatching(/^warn: OpenClaw keeps its own manager .*claude-tools/)]);
    await fire("session_end", { sessionId: "one", reason: "reset" });
  });

  test("should be told where it is too late for that", async () => {
    emptySlot();
    load({ id: "native", mcpServers: { files: {} } });
    const { manager, request, run } = managed();
    takeSlot(manager);
    await run(manager.getOrCreate(request("one")));
    const { register, fire, said } = fakeOpenClaw();
    register();
    await fire("gateway_start", {});
    expect(standingManager()).toBe(manager);
    expect(said).toEqual([expect.stringMatching(/^warn: .*native.*Restart the gateway$/)]);
  });

  test("should not matter when they are switched off, or bring something else", async () => {
    emptySlot();
    load({ ...bundle, enabled: false }, { ...bundle, bundleCapabilities: ["skills"] }, { id: "native" }, null as never);
    const { register, fire, said } = fakeOpenClaw();
    register();
    await fire("gateway_start", {});
    expect(standingManager()).toBeDefined();
    expect(said).toEqual([]);
  });
});

describe("the plugin's configuration", () => {
  const manifest = JSON.parse(readFileSync("openclaw.plugin.json", "utf8")) as {
    id: string;
    configSchema: { properties: Record<string, { type?: string; properties?: object; minimum?: number }> };
  };
  const numbers = Object.entries(manifest.configSchema.properties).filter(([, { type }]) => type === "integer");
  const graces = Object.keys(manifest.configSchema.properties["lifecycle"]?.properties ?? {});

  test("should take what the manifest's schema takes", () => {
    const flat = Object.fromEntries(numbers.map(([name, { minimum = 0 }]) => [name, minimum]));
    const lifecycle = Object.fromEntries(graces.map((name) => [name, 1]));
    const config = { ...flat, lifecycle, containment: "group", ledger: { directory: "/state", guardian: false } };
    expect(parsePluginConfig(config)).toEqual(config);
    expect(Object.keys(config).toSorted()).toEqual(Object.keys(manifest.configSchema.properties).toSorted());
    expect(parsePluginConfig({ ledger: false })).toEqual({ ledger: false });
    expect(parsePluginConfig(undefined)).toEqual({});
  });

  test.each(numbers.map(([name, { minimum = 0 }]) => [name, minimum - 1] as const))(
    "should refuse %s = %d as the schema does",
    (name, value) => {
      expect(() => parsePluginConfig({ [name]: value })).toThrow(
        `plugins.entries.mcp-lifecycle.config.${name}: must be`,
      );
    },
  );

  test("should be refused at registration with the field's name", () => {
    emptySlot();
    const { register } = fakeOpenClaw({ pluginConfig: { lifecycle: { verifyMS: 1 } } });
    expect(register).toThrow(
      "plugins.entries.mcp-lifecycle.config.lifecycle.verifyMS: unknown field; known are settleMs",
    );
    expect(slots[slot]).toBeUndefined();
    expect(() => parsePluginConfig({ drainMs: "5" })).toThrow("config.drainMs: must be a whole number");
    expect(() => parsePluginConfig({ containment: "jail" })).toThrow("config.containment: must be one of auto, cgroup");
    expect(() => parsePluginConfig({ ledger: { directory: "state" } })).toThrow(
      "config.ledger.directory: must be an abs",
    );
    expect(() => parsePluginConfig({ lifecycle: 5 })).toThrow("config.lifecycle: must be an object");
  });
});

describe("a hook of OpenClaw's", () => {
  /** The plugin on a manager in a simulated world, with one session whose server runs. */
  async function running(sessionId = "one", sessionKey = `agent:main:${sessionId}`) {
    emptySlot();
    const world = managed();
    takeSlot(world.manager);
    const openclaw = fakeOpenClaw();
    const ends: unknown[] = [];
    world.supervisor.on("receipt", ({ reason, cause, outcome }) => ends.push({ reason, cause, outcome }));
    const runtime = await world.run(world.manager.getOrCreate(world.request(sessionId, { sessionKey })));
    await world.run(runtime.getCatalog());
    openclaw.register();
    await openclaw.fire("gateway_start", {});
    const settle = () => world.world.clock.advanceBy(10_000);
    return { ...world, ...openclaw, ends, settle };
  }

  test.each([
    ["new", "ended", "new"],
    ["reset", "reset", "reset"],
    ["idle", "timedOut", "idle"],
    ["daily", "ended", "daily"],
    ["deleted", "ended", "deleted"],
    ["shutdown", "ended", "shutdown"],
    ["restart", "ended", "restart"],
    ["unknown", "ended", "unknown"],
    [undefined, "ended", "unknown"],
    ["constructor", "ended", "unknown"],
  ])("session_end for %s should end the session as %s, cause %s", async (reason, state, cause) => {
    const { fire, ends, run, world } = await running();
    await run(fire("session_end", { sessionId: "one", sessionKey: "agent:main:one", reason, nextSessionId: "two" }));
    expect(ends).toEqual([{ reason: state, cause, outcome: "closed" }]);
    world.truth.assertNothingLeft();
    expect(endForReason(reason)).toEqual({ reason: state, cause });
  });

  test("session_end for a compaction should leave the run its tools, and end them with it", async () => {
    const { fire, ends, world, settle } = await running();
    await fire("session_end", { sessionId: "one", reason: "compaction", nextSessionId: "two" });
    await settle();
    expect(world.truth.liveProcesses()).toHaveLength(1);
    await fire("agent_end", { success: true }, { sessionId: "one", sessionKey: "agent:main:one", trigger: "user" });
    await settle();
    expect(ends).toEqual([{ reason: "ended", cause: "compaction", outcome: "closed" }]);
  });

  test("session_end of a session that keeps its id should not end who has it now", async () => {
    const { fire, world } = await running();
    await fire("session_end", { sessionId: "one", reason: "reset", nextSessionId: "one" });
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });

  test.each([
    ["agent:main:cron:job-1:run:0b9c", "cron"],
    ["agent:main:main:heartbeat", "heartbeat"],
    ["temp:slug-generator", undefined],
    ["agent:main:subagent:77", "user"],
  ])("agent_end should end the one-shot session %s", async (sessionKey, trigger) => {
    const { fire, ends, settle } = await running("one", sessionKey);
    await fire("agent_end", { success: true }, { sessionId: "one", sessionKey, trigger });
    await settle();
    expect(ends).toEqual([{ reason: "ended", cause: "run-end", outcome: "closed" }]);
  });

  test.each([
    ["agent:main:main", "user"],
    ["agent:main:main", "heartbeat"],
    ["agent:main:cron:job-1", "cron"],
  ])("agent_end should leave the session %s of a run for %s as it is", async (sessionKey, trigger) => {
    const { fire, world, settle } = await running("one", sessionKey);
    await fire("agent_end", { success: true }, { sessionId: "one", sessionKey, trigger });
    await settle();
    expect(world.truth.liveProcesses()).toHaveLength(1);
    expect(isOneShot({ sessionKey, trigger }, { isKept: () => false })).toBe(false);
  });

  test("agent_end in a client that runs the agent itself should end the session, so that the client can exit", async () => {
    emptySlot();
    const { manager, request, run, world } = managed();
    takeSlot(manager);
    const runtime = await run(manager.getOrCreate(request("one")));
    await run(runtime.getCatalog());
    const { register, fire } = fakeOpenClaw();
    register();
    await fire("agent_end", {}, { sessionId: "one", sessionKey: "agent:main:main", trigger: "user" });
    await world.clock.advanceBy(10_000);
    world.truth.assertNothingLeft();
  });

  test("subagent_spawned to stay should keep its session over its runs", async () => {
    const sessionKey = "agent:main:subagent:77";
    const { fire, world, settle } = await running("one", sessionKey);
    await fire("subagent_spawned", { childSessionKey: sessionKey, mode: "session" });
    await fire("agent_end", {}, { sessionId: "one", sessionKey });
    await settle();
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });

  test("subagent_ended should end the subagent's session", async () => {
    const sessionKey = "agent:main:subagent:77";
    const { fire, ends, run } = await running("one", sessionKey);
    await run(fire("subagent_ended", { targetSessionKey: sessionKey, outcome: "timeout" }));
    expect(ends).toEqual([{ reason: "ended", cause: "run-end", outcome: "closed" }]);
  });

  test.each([
    ["gateway stopping", "shutdown"],
    ["gateway restarting", "restart"],
  ])("gateway_stop for %j should end everything, cause %s, until gateway_start", async (reason, cause) => {
    const { fire, ends, run, manager, request, said } = await running();
    await run(fire("gateway_stop", { reason }));
    expect(ends).toEqual([{ reason: "ended", cause, outcome: "closed" }]);
    expect(said).toEqual(["info: MCP servers at the gateway's stop: 1 closed (0 by SIGKILL), 0 leaked"]);
    await expect(manager.getOrCreate(request("late"))).rejects.toMatchObject({ code: "SHUTDOWN" });
    await fire("gateway_start", {});
    expect(manager.isInUse).toBe(false);
  });
});
