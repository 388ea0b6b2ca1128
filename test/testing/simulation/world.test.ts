import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWorld, presets, type World, type WorldOptions } from "../../../src/testing/simulation/index.js";
import { close, connect, createTransport, http, never } from "./connect.js";

describe("the truth of a simulated world", () => {
  it("should name every kind of thing that is left", async () => {
    const world = createWorld({
      behaviours: { files: { tree: { command: "node server", children: [{ command: "helper" }] } } },
    });
    await connect(world);
    await connect(world, { server: "web", config: http });
    world.clock.setTimeout(() => undefined, 500);
    world.clock.setUnrefTimeout(() => undefined, 600);
    expect(world.truth.whatIsLeft()).toEqual([
      'process 1000 "node server" of c1 (parent 2 "gateway")',
      'process 1001 "helper" of c1 (parent 1000 "node server")',
      "a socket (stream) to web of c2",
      "session http-session-1 at web of c2",
      "transport c1, which was not disposed of",
      "transport c2, which was not disposed of",
      "the ledger's record of c1",
      "the ledger's record of c2",
      "what the process host remembers of 1 tree(s)",
      "a timer of 500 ms due at 500 ms",
      "a timer of 600 ms due at 600 ms, unref'd",
    ]);
    expect(() => world.truth.assertNothingLeft()).toThrow('left at 0 ms: process 1000 "node server" of c1');
  });

  it("should not take the library's word: who can be found by nobody is left all the same", async () => {
    const world = createWorld({
      behaviours: { files: { tree: { children: [{ command: "ghost", detach: "double-fork", dropsCookie: true }] } } },
    });
    const { handle } = await connect(world);
    expect(await close(world, handle)).toBe("EOF");
    expect(() => world.truth.assertNothingLeft()).toThrow('"ghost" of c1 (parent 1 "init")');
  });

  it("should neither count foreign processes nor zombies as left", async () => {
    const world = createWorld({
      gatewayIsInit: true,
      behaviours: { files: { tree: { children: [{ onParentExit: 0 }] } } },
    });
    world.processes.spawnForeign();
    const { handle } = await connect(world);
    await close(world, handle);
    expect(world.truth.zombies()).toHaveLength(1);
    world.truth.assertNothingLeft();
  });

  it("should call it a violation to open after the end began, for that generation or for all", async () => {
    const world = createWorld();
    world.truth.fence("g1");
    await connect(world, { generation: "g2" });
    world.truth.assertNoViolations();
    await connect(world, { generation: "g1" });
    world.truth.fence();
    await connect(world, { generation: "g3" });
    expect(world.truth.violations.map(({ rule, sentence }) => `${rule}: ${sentence}`)).toEqual([
      "I4: connection c2 (files) was opened after the end of g1 had begun at 0 ms",
      "I4: connection c3 (files) was opened after the shutdown had begun at 0 ms",
    ]);
  });

  it("should call a second tree of a server in one generation a violation while the first is alive", async () => {
    const world = createWorld();
    const first = await connect(world);
    await connect(world, { server: "other" });
    await connect(world, { generation: "g2" });
    world.truth.assertNoViolations();
    await close(world, first.handle);
    await connect(world);
    world.truth.assertNoViolations();
    await connect(world);
    expect(() => world.truth.assertNoViolations()).toThrow(
      /I11 .*c5 started a tree of files while that of c4 is alive/,
    );
  });

  it("should call it a violation to open twice, or to use an id twice", async () => {
    const world = createWorld();
    const { handle } = await connect(world);
    await world.clock.run(handle.open(never()));
    createTransport(world, { id: "c1" });
    expect(world.truth.violations.map(({ rule }) => rule)).toEqual(["contract", "contract"]);
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });

  it("should keep a diary of what each transport was asked", async () => {
    const world = createWorld({ behaviours: { files: presets.ignoresEof } });
    const { handle } = await connect(world, { generation: "g7" });
    await close(world, handle);
    expect(world.truth.events().map(({ type }) => type)).toEqual([
      "create",
      "open",
      "opened",
      "release",
      "end-input",
      "terminate",
      "dispose",
    ]);
    expect(world.truth.events({ type: "terminate", connectionId: "c1" })).toEqual([
      { atMs: 2_000, type: "terminate", connectionId: "c1", server: "files", sessionKey: "chat:42", generation: "g7" },
    ]);
  });
});

describe("a simulated world", () => {
  it("should give each opening its own behaviour where a list is given, the last for all the rest", async () => {
    const world = createWorld({ behaviours: { files: [presets.failsToSpawn, presets.wellBehaved] } });
    await expect(connect(world)).rejects.toMatchObject({ stage: "spawn" });
    await connect(world);
    await connect(world, { generation: "g2" });
  });

  it("should answer everything at once and well after it recovered", async () => {
    const fail = new Error("EMFILE");
    const hostPlans = { look: { fail }, signal: { hang: true } };
    const world = createWorld({ hostPlans, behaviours: { files: presets.unkillable } });
    const { handle } = await connect(world);
    await expect(world.clock.run(handle.look())).rejects.toBe(fail);
    const kill = handle.kill();
    world.recover();
    await world.clock.run(kill);
    expect((await world.clock.run(handle.look())).empty).toBe(true);
  });

  it("should tell the same story for the same seed, and others for others", async () => {
    const stories = await Promise.all([undefined, undefined, 1, 1, 2, 3, 4].map((seed) => storyOf({ seed })));
    expect(stories[0]).toBe(stories[1]);
    expect(stories[2]).toBe(stories[3]);
    expect(new Set(stories).size).toBeGreaterThan(2);
  });

  it("should let fast-check decide when each answer comes", async () => {
    const orders = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), async (scheduler) => {
        const world = createWorld({
          schedule: (label, run) => scheduler.schedule(Promise.resolve(), label).then(run),
          drain: () => scheduler.waitIdle(),
        });
        const opened: string[] = [];
        const handles = ["a", "b", "c"].map((id) => createTransport(world, { id, server: id }).handle);
        const opening = handles.map((handle, index) => handle.open(never()).then(() => opened.push(`${index}`)));
        await world.clock.run(Promise.all(opening));
        orders.add(opened.join(""));
        for (const handle of handles) await close(world, handle);
        world.truth.assertNothingLeft();
      }),
      { numRuns: 50, seed: 42 },
    );
    expect(orders.size).toBeGreaterThan(3);
  });

  it("should cost well under a millisecond for a session opened and ended", async () => {
    const batches: number[] = [];
    for (let batch = 0; batch < 5; batch += 1) {
      const world = createWorld();
      const started = process.cpuUsage();
      for (let index = 0; index < 300; index += 1) await openAndEnd(world, index);
      const { user, system } = process.cpuUsage(started);
      batches.push((user + system) / 1_000 / 300);
      world.truth.assertNothingLeft();
    }
    // Time of the processor, and the best of five: the machine may be busy with something else.
    expect(Math.min(...batches)).toBeLessThan(1);
  });
});

async function openAndEnd(world: World, index: number): Promise<void> {
  const { handle } = createTransport(world, { id: `s${index}`, generation: `g${index}` });
  await handle.open(never());
  await handle.release(never());
  await handle.endInput();
  await handle.look();
  handle.dispose();
  await world.clock.settle();
}

async function storyOf(options: WorldOptions): Promise<string> {
  const world = createWorld({
    ...options,
    behaviours: { files: { tree: { exitsAfterMs: 50 }, open: { listMs: 50 } } },
  });
  const all = Array.from({ length: 5 }, (_, index) => createTransport(world, { generation: `g${index}` }).handle);
  await world.clock.run(Promise.allSettled(all.map((handle) => handle.open(never()))));
  await world.clock.runUntilIdle();
  return JSON.stringify(world.truth.events());
}
