import { describe, expect, it } from "vitest";
import { SpawnError } from "../../../src/errors/index.js";
import type { TreeRef, TreeSpec } from "../../../src/ports/index.js";
import {
  createWorld,
  type ProcessShape,
  type World,
  type WorldOptions,
} from "../../../src/testing/simulation/index.js";

const spec: TreeSpec = { command: "server", args: [], env: {}, cookie: "MCP_LIFECYCLE_one" };

async function spawn(shape: ProcessShape, options: WorldOptions = {}) {
  const world = createWorld({ ...options, programs: { server: shape } });
  const tree = await world.clock.run(world.processHost.spawn(spec));
  return { world, tree, ref: tree.ref };
}

async function lookAt(world: World, ref: TreeRef) {
  const { survivors, unreaped, doubtful } = await world.clock.run(world.processHost.look(ref));
  const commands = (members: typeof survivors) => members.map(({ command }) => command);
  return { survivors: commands(survivors), unreaped: commands(unreaped), doubtful: commands(doubtful) };
}

describe("virtual process host", () => {
  it("should refuse a program that does not exist, and one that no pid is free for", async () => {
    const world = createWorld({ pids: { first: 10, last: 10 }, programs: { server: {} } });
    await expect(world.clock.run(world.processHost.spawn({ ...spec, command: "nothing" }))).rejects.toThrow(SpawnError);
    await world.clock.run(world.processHost.spawn(spec));
    await expect(world.clock.run(world.processHost.spawn(spec))).rejects.toThrow("EAGAIN");
  });

  it("should tell when the leader exited, whoever else is left", async () => {
    const { tree, world } = await spawn({ exitsAfterMs: 5, exit: { code: 7 }, children: [{}] });
    expect(await world.clock.run(tree.exited)).toEqual({ code: 7, signal: null });
  });

  it("should end the input when the pipe is ended", async () => {
    const { tree, world } = await spawn({ onEof: 0 });
    tree.stdin.end("bye");
    await world.clock.settle();
    expect(world.truth.liveProcesses()).toEqual([]);
  });

  it.each<{ name: string; shape: ProcessShape; found: string[] }>([
    {
      name: "in the group",
      shape: { children: [{ command: "helper", dropsCookie: true }] },
      found: ["server", "helper"],
    },
    {
      name: "in a session of its own",
      shape: { children: [{ command: "browser", detach: "session" }] },
      found: ["server", "browser"],
    },
    {
      name: "after a double fork",
      shape: { children: [{ command: "daemon", detach: "double-fork" }] },
      found: ["server", "daemon"],
    },
    {
      name: "by descent alone",
      shape: {
        children: [{ command: "clean", detach: "session", dropsCookie: true, children: [{ command: "its child" }] }],
      },
      found: ["server", "clean", "its child"],
    },
  ])("should find a member $name", async ({ shape, found }) => {
    const { world, ref } = await spawn(shape);
    expect(await lookAt(world, ref)).toEqual({ survivors: found, unreaped: [], doubtful: [] });
  });

  it("should remember whom it saw, when nothing else tells any more", async () => {
    const clean: ProcessShape = { command: "clean", detach: "session", dropsCookie: true };
    const seen = await spawn({ exitsAfterMs: 10, children: [clean] });
    await lookAt(seen.world, seen.ref);
    await seen.world.clock.advanceBy(10);
    expect(await lookAt(seen.world, seen.ref)).toMatchObject({ survivors: ["clean"] });

    const unseen = await spawn({ exitsAfterMs: 10, children: [clean] });
    await unseen.world.clock.advanceBy(10);
    expect(await lookAt(unseen.world, unseen.ref)).toMatchObject({ survivors: [] });
    expect(unseen.world.truth.liveProcesses()).toHaveLength(1);
  });

  it("should find who is in a session of the tree while somebody proves that it is still ours", async () => {
    const between: ProcessShape = { exitsAfterMs: 10, children: [{ command: "clean", dropsCookie: true }] };
    const { world, ref } = await spawn({ exitsAfterMs: 10, children: [between, { command: "marked" }] });
    await world.clock.advanceBy(10);
    expect(await lookAt(world, ref)).toEqual({ survivors: ["marked", "clean"], unreaped: [], doubtful: [] });
  });

  it("should not read the environment of another user's process", async () => {
    const { world, ref } = await spawn({ children: [{ command: "daemon", detach: "double-fork", otherUser: true }] });
    expect(await lookAt(world, ref)).toMatchObject({ survivors: ["server"] });
    expect(world.truth.liveProcesses()).toHaveLength(2);
  });

  it("should call doubtful who is in the tree's session when nobody proves it to be ours, and never signal it", async () => {
    const { world, ref } = await spawn({ exitsAfterMs: 10, children: [{ command: "clean", dropsCookie: true }] });
    await world.clock.advanceBy(10);
    expect(await lookAt(world, ref)).toEqual({ survivors: [], unreaped: [], doubtful: ["clean"] });
    const report = await world.clock.run(world.processHost.signal(ref, "SIGKILL"));
    expect(report.signalled).toEqual([]);
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });

  it("should neither find nor signal a later process with the leader's pid", async () => {
    const { world, ref } = await spawn({ exitsAfterMs: 10 });
    await world.clock.advanceBy(10);
    const foreign = world.processes.spawnForeign({}, { pid: ref.leader.pid });
    expect(await lookAt(world, ref)).toEqual({ survivors: [], unreaped: [], doubtful: [] });
    await world.clock.run(world.processHost.signal(ref, "SIGKILL"));
    world.processHost.killSync(ref);
    expect(foreign?.state).toBe("running");
    world.truth.assertNoViolations();
  });

  it("should count zombies as unreaped", async () => {
    const { world, ref } = await spawn(
      { exitsAfterMs: 10, children: [{ command: "orphan" }] },
      { gatewayIsInit: true },
    );
    await world.clock.advanceBy(10);
    await world.clock.run(world.processHost.signal(ref, "SIGKILL"));
    expect(await lookAt(world, ref)).toEqual({ survivors: [], unreaped: ["orphan"], doubtful: [] });
  });

  it("should report whom it may not signal", async () => {
    const { world, ref } = await spawn({ children: [{ command: "setuid", otherUser: true }] });
    const report = await world.clock.run(world.processHost.signal(ref, "SIGKILL"));
    expect(report.signalled).toEqual([ref.leader.pid]);
    expect(report.refused).toMatchObject([{ code: "EPERM" }]);
    expect(await lookAt(world, ref)).toMatchObject({ survivors: ["setuid"] });
  });

  it("should find everything in a cgroup", async () => {
    const escaped: ProcessShape = { command: "escaped", detach: "double-fork", dropsCookie: true };
    const { world, ref } = await spawn({ exitsAfterMs: 1, children: [escaped] }, { containment: "cgroup" });
    await world.clock.advanceBy(1);
    expect(await lookAt(world, ref)).toMatchObject({ survivors: ["escaped"] });
  });

  it("should adopt a process that somebody else started, and none that does not exist", async () => {
    const world = createWorld();
    const foreign = world.processes.spawnForeign({ command: "adopted", children: [{ command: "helper" }] });
    const ref = await world.clock.run(world.processHost.adopt(foreign?.pid ?? 0));
    expect(await lookAt(world, ref)).toMatchObject({ survivors: ["adopted", "helper"] });
    await world.clock.run(world.processHost.signal(ref, "SIGKILL"));
    world.truth.assertNoViolations();
    await expect(world.clock.run(world.processHost.adopt(9_999))).rejects.toThrow(SpawnError);
  });

  it("should answer late with what there was when it was asked", async () => {
    const { world, ref } = await spawn({ exitsAfterMs: 5 }, { hostPlans: { look: { latencyMs: 10 } } });
    const look = world.processHost.look(ref);
    await world.clock.advanceBy(9);
    expect(world.truth.liveProcesses()).toEqual([]);
    expect((await world.clock.run(look)).survivors).toHaveLength(1);
    expect(world.clock.now()).toBe(10);
  });

  it("should fail, then hang, then answer, as planned, and count each call", async () => {
    const fail = new Error("EMFILE");
    const { world, ref } = await spawn({}, { hostPlans: { look: [{ fail }, { hang: true }, {}] } });
    await expect(world.clock.run(world.processHost.look(ref))).rejects.toBe(fail);
    const hanging = world.processHost.look(ref);
    await expect(world.clock.run(hanging)).rejects.toThrow("nothing is left that could settle");
    expect((await world.clock.run(world.processHost.look(ref))).survivors).toHaveLength(1);
    world.processHost.answers.thaw();
    expect((await world.clock.run(hanging)).survivors).toHaveLength(1);
    expect(world.processHost.answers.count("look")).toBe(3);
  });

  it("should log every signal with the tree it was sent for and the one it hit", async () => {
    const { world, ref } = await spawn({ children: [{ command: "helper" }] });
    await world.clock.run(world.processHost.signal(ref, "SIGTERM"));
    expect(world.processHost.log).toMatchObject([
      { signal: "SIGTERM", command: "server", pid: ref.leader.pid, sentFor: spec.cookie, hit: spec.cookie },
      { signal: "SIGTERM", command: "helper", sentFor: spec.cookie, hit: spec.cookie },
    ]);
  });

  it("should report a signal that hit a foreign process", async () => {
    const { world, ref } = await spawn({});
    // The world's own doing: a foreign process that bears the cookie, which makes the evidence lie.
    world.processes.spawn({ owner: "foreign 99", shape: { command: "innocent" }, cookie: spec.cookie });
    await world.clock.run(world.processHost.signal(ref, "SIGTERM"));
    expect(world.truth.violations).toMatchObject([{ rule: "I6" }]);
    expect(() => world.truth.assertNoViolations()).toThrow(/SIGTERM for MCP_LIFECYCLE_one was sent to .* "innocent"/);
  });

  it("should forget what it remembers of a tree", async () => {
    const { world, ref } = await spawn({});
    await lookAt(world, ref);
    expect(world.processHost.rememberedTrees).toBe(1);
    world.processHost.forget(ref);
    expect(world.processHost.rememberedTrees).toBe(0);
  });
});
