import { describe, expect, test } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { rejection } from "../real/support/until.js";
import { configOf, managed } from "./support/managed.js";

describe("a session's runtime", () => {
  test("should start nothing before its catalogue is asked for, and be the same for each run", async () => {
    const { manager, request, run, world } = managed();
    const runtime = await run(manager.getOrCreate(request("one")));
    expect(world.truth.liveProcesses()).toHaveLength(0);

    const catalog = await run(runtime.getCatalog());

    expect(catalog).toMatchObject({
      version: 1,
      servers: { files: { serverName: "files", launchSummary: "virtual" } },
    });
    expect(await run(manager.getOrCreate(request("one")))).toBe(runtime);
    expect(world.truth.liveProcesses()).toHaveLength(1);
    expect(manager.listSessionIds()).toEqual(["one"]);
    await run(manager.disposeSession("one"));
    world.truth.assertNothingLeft();
    expect(manager.listSessionIds()).toEqual([]);
    expect(manager.resolveSessionId("agent:main:one")).toBeUndefined();
  });

  test("should be gone for whoever still holds it after its end, in OpenClaw's words", async () => {
    const { manager, request, run } = managed();
    const runtime = await run(manager.getOrCreate(request("one")));
    await run(manager.disposeSession("one"));

    const message = "bundle-mcp runtime disposed for session one";
    expect(await rejection(run(runtime.getCatalog()))).toMatchObject({ message });
    expect(await rejection(run(runtime.callTool("files", "echo", {})))).toMatchObject({ message });
    expect(await run(manager.getOrCreate(request("one")))).not.toBe(runtime);
  });

  test("should say of a server it does not know that it is not connected", async () => {
    const { manager, request, run } = managed();
    const runtime = await run(manager.getOrCreate(request("one")));
    const message = 'bundle-mcp server "other" is not connected';
    expect(await rejection(run(runtime.callTool("other", "echo", {})))).toMatchObject({ message });
  });

  test("that is created while its session is disposed should not come into being", async () => {
    let loaded: () => void = () => undefined;
    const { manager, request, run, supervisor } = managed(undefined, {
      core: async () => {
        await new Promise<void>((resolve) => (loaded = resolve));
        return { supervisor, read: () => ({ servers: [], skipped: [], fingerprint: "" }) };
      },
    });
    const created = rejection(manager.getOrCreate(request("one")));
    expect(manager.isInUse).toBe(true);
    await run(manager.disposeSession("one"));
    loaded();

    expect(await created).toMatchObject({ code: "SESSION_ENDED" });
    expect(manager.isInUse).toBe(false);
  });

  test("whose servers open while it is disposed should leave none of them", async () => {
    const { manager, request, run, world } = managed({ files: presets.opensAnyway });
    const runtime = await run(manager.getOrCreate(request("one")));
    const catalog = rejection(runtime.getCatalog());
    await world.clock.advanceBy(100);
    await run(manager.disposeSession("one"));

    expect(await catalog).toMatchObject({ message: "bundle-mcp runtime disposed for session one" });
    world.truth.assertNothingLeft();
  });

  test("should have nothing left of a connection that timed out, and open the next one", async () => {
    const { manager, request, run, world } = managed({ files: [presets.neverInitializes, {}] });
    const cfg = configOf(["files"], { files: { connectionTimeoutMs: 1_000 } });
    const runtime = await run(manager.getOrCreate(request("one", { cfg })));

    const { tools, diagnostics } = await run(runtime.getCatalog());

    expect(tools).toEqual([]);
    expect(diagnostics).toMatchObject([{ serverName: "files", message: expect.stringContaining("1000 ms") as string }]);
    expect(world.truth.liveProcesses()).toHaveLength(0);
    await world.clock.advanceBy(5_000);
    expect((await run(runtime.getCatalog())).diagnostics).toBeUndefined();
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });
});

describe("a retirement", () => {
  test("should keep the process while a run has a lease, and end it at the last release; releasing twice is once", async () => {
    const { manager, request, run, world } = managed();
    const first = await run(manager.acquire(request("one")));
    const second = await run(manager.acquire(request("one")));
    await run(first.runtime.getCatalog());
    expect(manager.totalActiveLeasesForSession("one")).toBe(2);
    expect(manager.deferRetirement("one")).toBe(true);
    expect(await run(manager.completeDeferredRetirement("one"))).toBe(false);

    first.releaseLease();
    first.releaseLease();
    await world.clock.advanceBy(60_000);
    expect(world.truth.liveProcesses()).toHaveLength(1);
    second.releaseLease();

    expect(await run(manager.completeDeferredRetirement("one"))).toBe(true);
    world.truth.assertNothingLeft();
  });

  test("that is ordinary should be cancelled by reuse", async () => {
    const { manager, request, run, world } = managed();
    const first = await run(manager.acquire(request("one")));
    await run(first.runtime.getCatalog());
    manager.deferRetirement("one");
    const second = await run(manager.acquire(request("one")));
    first.releaseLease();
    second.releaseLease();

    expect(await run(manager.completeDeferredRetirement("one"))).toBe(false);
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });

  test("that is required should survive reuse, and not be the next generation's", async () => {
    const { manager, request, run, world } = managed();
    const first = await run(manager.acquire(request("one")));
    await run(first.runtime.getCatalog());
    manager.deferRetirement("one", { retainAcrossReuse: true });
    const second = await run(manager.acquire(request("one")));
    expect(second.runtime, "a run goes on with the servers it has").toBe(first.runtime);
    first.releaseLease();
    await run(second.runtime.callTool("files", "echo", {}));
    second.releaseLease();
    expect(await run(manager.completeDeferredRetirement("one"))).toBe(true);
    world.truth.assertNothingLeft();

    const next = await run(manager.acquire(request("one")));
    await run(next.runtime.getCatalog());
    next.releaseLease();
    await world.clock.advanceBy(60_000);
    expect(world.truth.liveProcesses(), "a session that keeps its id is not retired after every run").toHaveLength(1);
  });

  test("that is required should take what is created later", async () => {
    const { manager, request, run, world } = managed();
    expect(manager.deferRetirement("one"), "there is nothing to retire").toBe(false);
    expect(manager.deferRetirement("one", { retainAcrossReuse: true })).toBe(true);
    const late = await run(manager.acquire(request("one")));
    await run(late.runtime.getCatalog());
    expect(world.truth.liveProcesses()).toHaveLength(1);

    late.releaseLease();

    expect(await run(manager.completeDeferredRetirement("one"))).toBe(true);
    world.truth.assertNothingLeft();
  });

  test("for a run that will not end should answer at once, and end the servers when it ends", async () => {
    const { manager, request, run, world } = managed({ files: presets.neverAnswersCalls });
    const { runtime, releaseLease } = await run(manager.acquire(request("one")));
    const call = rejection(runtime.callTool("files", "hang", {}));
    await world.clock.advanceBy(1_000);
    manager.deferRetirement("one", { retainAcrossReuse: true });
    expect(await manager.completeDeferredRetirement("one")).toBe(false);
    await world.clock.advanceBy(30_000);
    expect(world.truth.liveProcesses()).toHaveLength(1);

    releaseLease();

    expect(await run(manager.completeDeferredRetirement("one"))).toBe(true);
    expect(await call).toMatchObject({ code: "SESSION_ENDED" });
    world.truth.assertNothingLeft();
  });
});

describe("a session key", () => {
  test("that is bound to another session should end the former one with its run (LP-04)", async () => {
    const { manager, request, run, world } = managed();
    const sessionKey = "agent:main:main";
    const former = await run(manager.getOrCreate(request("one", { sessionKey })));
    await run(former.getCatalog());
    const next = await run(manager.getOrCreate(request("two", { sessionKey })));
    await run(next.getCatalog());
    await run(former.callTool("files", "echo", {}));
    expect(manager.resolveSessionId(sessionKey)).toBe("two");
    expect(world.truth.liveProcesses()).toHaveLength(2);

    manager.runEnded({ sessionId: "one", isOneShot: false, failed: false });
    await world.clock.advanceBy(10_000);

    expect(world.truth.liveProcesses()).toHaveLength(1);
    expect(manager.listSessionIds()).toEqual(["two"]);
  });

  test("should leave a session alone that has another one", async () => {
    const { manager, request, run } = managed();
    await run(manager.getOrCreate(request("one", { sessionKey: "first" })));
    manager.bindSessionKey("second", "one");
    manager.runEnded({ sessionId: "one", isOneShot: false, failed: false });
    manager.bindSessionKey("first", "two");
    expect(manager.listSessionIds()).toEqual(["one"]);
    expect(manager.peekSession({ sessionKey: "second" })?.sessionId).toBe("one");
  });
});

describe("a run of 2026.4.9, which takes no lease", () => {
  test("should count as over when its end is never told and nothing is used for the limit", async () => {
    const { manager, request, run, world } = managed(undefined, { runLimitMs: 10_000, idleTimeoutMs: 1_000 });
    const runtime = await run(manager.getOrCreate(request("one")));
    await run(runtime.getCatalog());
    await world.clock.advanceBy(9_000);
    runtime.markUsed();
    await world.clock.advanceBy(9_000);
    expect(world.truth.liveProcesses(), "an idle limit waits for the run").toHaveLength(1);

    await world.clock.advanceBy(20_000);

    world.truth.assertNothingLeft();
  });

  test("of a one-shot session should end it, however it went (LP-03)", async () => {
    const { manager, request, run, supervisor, world } = managed();
    const causes: unknown[] = [];
    supervisor.on("receipt", ({ reason, cause }) => causes.push([reason, cause]));
    for (const failed of [false, true]) {
      const runtime = await run(manager.getOrCreate(request(`cron-${failed}`)));
      await run(runtime.getCatalog());
      manager.runEnded({ sessionId: `cron-${failed}`, isOneShot: true, failed });
      await world.clock.advanceBy(10_000);
      world.truth.assertNothingLeft();
    }
    expect(causes).toEqual([
      ["ended", "run-end"],
      ["errored", "run-failed"],
    ]);
  });
});

describe("the limit of sessions", () => {
  test("should refuse the 257th, and admit it again when one is proved gone", async () => {
    const { manager, request, run } = managed(undefined, { limits: { liveSessions: 256 } });
    for (let count = 1; count <= 256; count += 1) await run(manager.acquire(request(`session-${count}`)));

    const limit = { code: "ADMISSION", message: expect.stringContaining("live runtime limit (256) reached") as string };
    expect(await rejection(run(manager.acquire(request("one more"))))).toMatchObject(limit);
    expect(manager.listSessionIds()).not.toContain("one more");

    await run(manager.disposeSession("session-7"));
    await run(manager.acquire(request("one more")));
    expect(await rejection(run(manager.acquire(request("yet another"))))).toMatchObject(limit);
  });

  test("should not count a session without servers", async () => {
    const { manager, request, run } = managed(undefined, { limits: { liveSessions: 1 } });
    await run(manager.acquire(request("with")));
    const { runtime } = await run(manager.acquire(request("without", { cfg: {} })));
    expect(await run(runtime.getCatalog())).toMatchObject({ servers: {}, tools: [] });
  });
});

describe("a change of the configuration", () => {
  const pids = (world: { truth: { liveProcesses(): readonly { pid: number }[] } }) =>
    world.truth.liveProcesses().map(({ pid }) => pid);

  test("should retire the servers that changed, and no other", async () => {
    const { manager, request, run, world } = managed({ files: {}, web: {} });
    const runtime = await run(manager.getOrCreate(request("one")));
    await run(runtime.getCatalog());
    const [files, web] = pids(world);

    const cfg = configOf(["files", "web"], { web: { args: ["--changed"] } });
    const same = await run(manager.getOrCreate(request("one", { cfg })));
    await run(same.getCatalog());

    expect(same).toBe(runtime);
    expect(pids(world)).toHaveLength(2);
    expect(pids(world)).toContain(files);
    expect(pids(world)).not.toContain(web);
    await run(manager.reloadConfig({ cfg: configOf(["files"]) }));
    await world.clock.advanceBy(10_000);
    expect(pids(world)).toEqual([files]);
  });

  test("of the workspace should be another generation", async () => {
    const { manager, request, run, world } = managed();
    const runtime = await run(manager.getOrCreate(request("one")));
    await run(runtime.getCatalog());
    const moved = await run(manager.getOrCreate(request("one", { workspaceDir: "/elsewhere" })));
    await run(moved.getCatalog());
    await world.clock.advanceBy(10_000);
    expect(moved).not.toBe(runtime);
    expect(pids(world)).toHaveLength(1);
  });
});

describe("the stop of the gateway", () => {
  test("should end every session and refuse what comes later, until the gateway starts again", async () => {
    const { manager, request, run, world } = managed({ files: presets.ignoresSigterm });
    for (const id of ["one", "two"]) await run((await run(manager.getOrCreate(request(id)))).getCatalog());

    const report = await run(manager.shutdown({ deadlineMs: 10_000, cause: "shutdown" }));

    expect(report).toMatchObject({ closed: 2, forced: 2, leaked: 0 });
    world.truth.assertNothingLeft();
    expect(await rejection(run(manager.getOrCreate(request("late"))))).toMatchObject({ code: "SHUTDOWN" });
    expect(manager.isInUse).toBe(false);
  });

  test("should not be what disposeAll is: a session may begin after it", async () => {
    const { manager, request, run, world } = managed();
    await run((await run(manager.getOrCreate(request("one")))).getCatalog());
    await run(manager.disposeAll());
    world.truth.assertNothingLeft();
    await run((await run(manager.getOrCreate(request("one")))).getCatalog());
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });
});

test("joinCleanup should not wait for a session that goes on, and tell of an end that was not proved", async () => {
  const { manager, request, run, world } = managed({ files: presets.unkillable });
  const { runtime, releaseLease } = await run(manager.acquire(request("one")));
  await run(runtime.getCatalog());
  releaseLease();
  await runtime.joinCleanup();

  const disposed = runtime.dispose();
  const joined = rejection(runtime.joinCleanup());
  await run(disposed);

  expect(await joined).toMatchObject({ code: "SESSION_ENDED" });
  world.processes.thaw();
  await world.clock.advanceBy(60_000);
  world.truth.assertNothingLeft();
});
