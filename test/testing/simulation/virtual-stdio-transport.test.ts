import { describe, expect, it } from "vitest";
import { CallAbortedError, ConnectionLostError, OpenAbortedError, OpenFailedError } from "../../../src/errors/index.js";
import { createWorld, noSpaceError, presets } from "../../../src/testing/simulation/index.js";
import { close, connect, createTransport, never } from "./connect.js";

type PresetName = keyof typeof presets;

/** What each tree takes to end by the default graces. */
const ends: Partial<Record<PresetName, string>> = {
  wellBehaved: "EOF",
  slowStart: "EOF",
  exitsLate: "EOF",
  ignoresEof: "SIGTERM",
  slowSigterm: "SIGKILL",
  ignoresSigterm: "SIGKILL",
  wrapped: "EOF",
  wrappedIgnoresEof: "SIGTERM",
  wrappedStubborn: "SIGKILL",
  grandchild: "SIGTERM",
  grandchildren: "SIGTERM",
  ownSession: "SIGTERM",
  doubleFork: "SIGTERM",
  shedsCookie: "SIGTERM",
  bornOnSigterm: "SIGKILL",
  bornWhileKilled: "SIGKILL",
  forks: "SIGTERM",
  unkillable: "leaked",
  otherUser: "leaked",
  slowSigkill: "SIGKILL",
  leavesZombies: "EOF",
};

describe("virtual stdio transport", () => {
  it.each(Object.entries(ends))("should end the server %s by %s", async (name, last) => {
    const world = createWorld({ behaviours: { files: presets[name as PresetName] } });
    const { handle } = await connect(world);
    expect(await close(world, handle)).toBe(last);
    if (last === "leaked") expect(world.truth.whatIsLeft().join()).toContain("process");
    else world.truth.assertNothingLeft();
  });

  it.each(["unkillable", "otherUser"] as const)("should let %s end once the world recovers", async (name) => {
    const world = createWorld({ behaviours: { files: presets[name] } });
    const { handle } = await connect(world);
    await close(world, handle);
    world.recover();
    expect(await close(world, handle)).not.toBe("leaked");
    world.truth.assertNothingLeft();
  });

  it("should open in the time its stages take, with a tree from the spawn on", async () => {
    const world = createWorld({ behaviours: { files: { open: { spawnMs: 50, initializeMs: 200, listMs: 10 } } } });
    const { handle } = createTransport(world);
    const opening = handle.open(never());
    await world.clock.advanceTo(49);
    expect(handle.tree).toBeUndefined();
    expect(await world.clock.run(handle.look())).toMatchObject({ empty: false, survivors: [] });
    await world.clock.advanceTo(50);
    expect(handle.pid).toBe(world.truth.liveProcesses("c1")[0]?.pid);
    expect((await world.clock.run(opening)).tools).toMatchObject([{ name: "echo" }]);
    expect(world.clock.now()).toBe(260);
  });

  it.each([
    { stage: "spawn", alive: 0 },
    { stage: "initialize", alive: 1 },
    { stage: "list", alive: 1 },
  ] as const)("should fail to $stage and keep what came into being", async ({ stage, alive }) => {
    const world = createWorld({ behaviours: { files: { open: { failAt: stage } } } });
    const { handle } = createTransport(world);
    await expect(world.clock.run(handle.open(never()))).rejects.toMatchObject({ code: "OPEN_FAILED", stage });
    expect(world.truth.liveProcesses("c1")).toHaveLength(alive);
    expect((await world.clock.run(handle.look())).empty).toBe(alive === 0);
  });

  it("should fail to open when the leader dies meanwhile, without calling that a loss", async () => {
    const world = createWorld({ behaviours: { files: presets.crashesWhileOpening } });
    const { handle, told } = createTransport(world);
    const opening = world.clock.run(handle.open(never()));
    await expect(opening).rejects.toThrow(/failed in initialize: .*exited with code 7/);
    await expect(opening).rejects.toBeInstanceOf(OpenFailedError);
    expect(told).toMatchObject({ lost: [], stirs: 1 });
    expect(world.truth.liveProcesses("c1")).toMatchObject([{ command: "helper" }]);
  });

  it("should reject at once when it is aborted, and keep the tree", async () => {
    const world = createWorld({ behaviours: { files: presets.neverInitializes } });
    const { handle } = createTransport(world);
    const abort = new AbortController();
    const opening = handle.open(abort.signal);
    await world.clock.advanceTo(500);
    abort.abort(new CallAbortedError("enough"));
    await expect(world.clock.run(opening)).rejects.toBeInstanceOf(OpenAbortedError);
    expect(world.clock.now()).toBe(500);
    expect(world.truth.liveProcesses("c1")).toHaveLength(1);
  });

  it("should not shorten a spawn under way, and have its tree when the opening rejects", async () => {
    const world = createWorld({ behaviours: { files: { open: { spawnMs: 100 } } } });
    const { handle } = createTransport(world);
    const abort = new AbortController();
    const opening = handle.open(abort.signal);
    await world.clock.settle();
    abort.abort();
    await expect(world.clock.run(opening)).rejects.toBeInstanceOf(OpenAbortedError);
    expect(world.clock.now()).toBe(100);
    expect(handle.tree).toBeDefined();
  });

  it("should start nothing when it was aborted or closed before", async () => {
    const world = createWorld();
    const first = createTransport(world);
    await expect(world.clock.run(first.handle.open(AbortSignal.abort()))).rejects.toBeInstanceOf(OpenAbortedError);
    const second = createTransport(world);
    await world.clock.run(second.handle.endInput());
    await expect(world.clock.run(second.handle.open(never()))).rejects.toBeInstanceOf(OpenAbortedError);
    expect(world.truth.liveProcesses()).toEqual([]);
    expect(world.processHost.answers.count("spawn")).toBe(0);
  });

  it("should succeed in spite of an abort where that is its behaviour", async () => {
    const world = createWorld({ behaviours: { files: presets.opensAnyway } });
    const abort = new AbortController();
    const opening = createTransport(world).handle.open(abort.signal);
    await world.clock.settle();
    abort.abort();
    await expect(world.clock.run(opening)).resolves.toHaveProperty("client");
  });

  it("should never settle where that is its behaviour, until its input is ended", async () => {
    const world = createWorld({ behaviours: { files: presets.neverSettles } });
    const { handle } = createTransport(world);
    const abort = new AbortController();
    const opening = handle.open(abort.signal);
    await world.clock.settle();
    abort.abort();
    await expect(world.clock.run(opening)).rejects.toThrow("nothing is left that could settle");
    void handle.endInput();
    await expect(world.clock.run(opening)).rejects.toBeInstanceOf(OpenAbortedError);
  });

  it("should end the input of a process that is born after its end, and kill one that is born after its disposal", async () => {
    for (const dispose of [false, true]) {
      const world = createWorld({
        behaviours: { files: { tree: { onEof: dispose ? "ignored" : 0 }, open: { spawnMs: 100 } } },
      });
      const { handle } = createTransport(world);
      const opening = handle.open(never());
      await world.clock.advanceBy(50);
      if (dispose) handle.dispose();
      else void handle.endInput();
      await expect(world.clock.run(opening)).rejects.toBeInstanceOf(OpenAbortedError);
      expect(world.truth.events({ connectionId: "c1", type: "opened" })).toEqual([]);
      expect(world.truth.liveProcesses()).toEqual([]);
    }
  });

  it("should tell once that it was lost, and fail the calls in flight", async () => {
    const world = createWorld({ behaviours: { files: { ...presets.neverAnswersCalls, stderr: "out of memory" } } });
    const { client, handle, told } = await connect(world);
    const call = client.callTool({ name: "echo" });
    expect(world.crash("c1")).toBe(true);
    expect(world.crash("c1")).toBe(false);
    await expect(world.clock.run(call)).rejects.toBeInstanceOf(ConnectionLostError);
    expect(told.lost).toHaveLength(1);
    expect(told.lost[0]?.message).toContain("ended by SIGSEGV");
    expect(told).toMatchObject({ stirs: 1, callsInFlight: 0 });
    const { exit, stderrTail } = await world.clock.run(handle.look());
    expect({ exit, stderrTail }).toEqual({ exit: { code: null, signal: "SIGSEGV" }, stderrTail: "out of memory" });
  });

  it("should not call it a loss when the leader exits after the end of input", async () => {
    const world = createWorld();
    const { handle, told } = await connect(world);
    await world.clock.run(handle.endInput());
    await world.clock.runUntilIdle();
    expect(told).toMatchObject({ lost: [], stirs: 1 });
  });

  it("should write the ledger before the spawn, after it, and at the disposal", async () => {
    const world = createWorld({ ledgerPlans: { intend: { latencyMs: 20 } } });
    const { handle } = createTransport(world);
    const opening = handle.open(never());
    await world.clock.advanceTo(19);
    expect(world.processHost.answers.count("spawn")).toBe(0);
    await world.clock.run(opening);
    await world.clock.settle();
    expect(world.ledger.records).toMatchObject([
      { connectionId: "c1", server: "files", tree: { leader: { pid: handle.pid } } },
    ]);
    await close(world, handle);
    expect(world.ledger.records).toEqual([]);
  });

  it("should spawn nothing when the ledger cannot be written", async () => {
    const world = createWorld({ ledgerPlans: { intend: { fail: noSpaceError() } } });
    const { handle } = createTransport(world);
    await expect(world.clock.run(handle.open(never()))).rejects.toThrow(/failed in spawn: ENOSPC/);
    expect(world.processHost.answers.count("spawn")).toBe(0);
  });

  it("should kill without waiting", async () => {
    const world = createWorld({ behaviours: { files: presets.ignoresSigterm } });
    const { handle } = await connect(world);
    handle.killSync();
    expect(world.truth.liveProcesses()).toEqual([]);
  });
});
