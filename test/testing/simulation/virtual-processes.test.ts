import { describe, expect, it } from "vitest";
import {
  createWorld,
  type ProcessShape,
  type World,
  type WorldOptions,
} from "../../../src/testing/simulation/index.js";

function spawn(world: World, shape: ProcessShape, owner = "c1") {
  const leader = world.processes.spawn({ owner, shape, cookie: `cookie of ${owner}` });
  if (leader === undefined) throw new Error("no pid is free");
  return leader;
}

function alive(world: World, owner = "c1"): string[] {
  return world.truth.liveProcesses(owner).map(({ command }) => command);
}

describe("virtual processes", () => {
  it("should start a leader in a group and session of its own, and children in the same", () => {
    const world = createWorld();
    const leader = spawn(world, { command: "server", children: [{ command: "helper" }] });
    const [, helper] = world.truth.liveProcesses("c1");
    expect(leader).toMatchObject({ ppid: world.processes.gateway.pid, pgid: leader.pid, sid: leader.pid });
    expect(helper).toMatchObject({ ppid: leader.pid, pgid: leader.pid, sid: leader.pid, cookie: leader.cookie });
  });

  it("should let children leave the group, the session, the parent and the cookie", () => {
    const world = createWorld();
    const leader = spawn(world, {
      children: [
        { command: "own group", detach: "group" },
        { command: "own session", detach: "session" },
        { command: "daemon", detach: "double-fork" },
        { command: "clean", dropsCookie: true },
      ],
    });
    const [, group, session, daemon, clean] = world.truth.liveProcesses("c1");
    expect(group).toMatchObject({ pgid: group?.pid, sid: leader.pid, ppid: leader.pid });
    expect(session).toMatchObject({ pgid: session?.pid, sid: session?.pid, ppid: leader.pid });
    expect(daemon).toMatchObject({ sid: daemon?.pid, ppid: 1, cookie: leader.cookie });
    expect(clean).toMatchObject({ pgid: leader.pid, cookie: undefined });
  });

  it("should hand orphans to init", () => {
    const world = createWorld();
    const leader = spawn(world, { children: [{ command: "helper" }] });
    world.processes.exit(leader);
    expect(world.truth.liveProcesses("c1")).toMatchObject([{ command: "helper", ppid: 1, pgid: leader.pid }]);
  });

  it("should keep pid, start time and group over an exec", async () => {
    const world = createWorld();
    const leader = spawn(world, { command: "sh", exitsAfterMs: 10 });
    world.processes.exec(leader, { command: "node server", onSigterm: "ignored" });
    await world.clock.advanceBy(100);
    world.processes.kill(leader.pid, "SIGTERM");
    expect(world.truth.liveProcesses("c1")).toMatchObject([
      { command: "node server", pid: leader.pid, startTime: leader.startTime },
    ]);
  });

  it("should leave a zombie where the parent does not wait, until the parent exits", () => {
    const world = createWorld();
    const leader = spawn(world, { reapsChildren: false, children: [{ command: "helper" }] });
    const [, helper] = world.truth.liveProcesses("c1");
    world.processes.kill(helper?.pid ?? 0, "SIGKILL");
    expect(world.truth.zombies("c1")).toMatchObject([{ command: "helper", state: "zombie" }]);
    expect(world.processes.kill(helper?.pid ?? 0, "SIGKILL")).toBe("delivered");
    world.processes.exit(leader);
    expect(world.truth.zombies("c1")).toEqual([]);
  });

  it("should leave orphans as zombies where the gateway is pid 1, but not its own children", () => {
    const world = createWorld({ gatewayIsInit: true });
    const leader = spawn(world, { children: [{ command: "orphan" }, { command: "daemon", detach: "double-fork" }] });
    world.processes.exit(leader);
    for (const { pid } of world.truth.liveProcesses("c1")) world.processes.kill(pid, "SIGKILL");
    expect(world.truth.zombies("c1").map(({ command }) => command)).toEqual(["orphan", "daemon"]);
  });

  it("should give pids again once they are free, with another start time, but none that a group still bears", () => {
    const world = createWorld({ pids: { first: 10, last: 12 } });
    const first = spawn(world, { children: [{ command: "helper" }] });
    world.processes.exit(first);
    expect(world.processes.table.find(10)).toBeUndefined();
    expect(spawn(world, {}, "c2").pid).toBe(12);
    expect(world.processes.spawn({ owner: "c3", shape: {} })).toBeUndefined();
    for (const { pid } of world.truth.liveProcesses("c1")) world.processes.kill(pid, "SIGKILL");
    const later = spawn(world, {}, "c3");
    expect(later.pid).toBe(10);
    expect(later.startTime).not.toBe(first.startTime);
  });

  it.each<{ name: string; shape: ProcessShape; at: number; left: number }>([
    { name: "a leader exits at the end of input", shape: {}, at: 0, left: 0 },
    { name: "a slow one is still there before its time", shape: { onEof: 50 }, at: 49, left: 1 },
    { name: "a slow one is gone at its time", shape: { onEof: 50 }, at: 50, left: 0 },
    { name: "a deaf one stays", shape: { onEof: "ignored" }, at: 10_000, left: 1 },
    { name: "a helper does not read stdin", shape: { children: [{}] }, at: 10_000, left: 1 },
    {
      name: "a helper on a pipe of its parent follows it",
      shape: { children: [{ onParentExit: 20 }] },
      at: 20,
      left: 0,
    },
    {
      name: "wrappers exit after whom they wrap",
      shape: { onEof: "ignored", waitsForChildren: true, children: [{ onEof: 30 }] },
      at: 30,
      left: 0,
    },
  ])("should end input: $name", async ({ shape, at, left }) => {
    const world = createWorld();
    spawn(world, shape);
    world.processes.closeInput("c1");
    await world.clock.advanceTo(at);
    expect(alive(world)).toHaveLength(left);
  });

  it("should end the input of whoever is born after it ended", async () => {
    const world = createWorld();
    spawn(world, { onEof: "ignored", children: [{ command: "late reader", bornAfterMs: 10, onEof: 5 }] });
    world.processes.closeInput("c1");
    await world.clock.advanceTo(10);
    expect(alive(world)).toContain("late reader");
    await world.clock.advanceTo(15);
    expect(alive(world)).not.toContain("late reader");
  });

  it.each<{ name: string; shape: ProcessShape; signal: "SIGTERM" | "SIGKILL"; at: number; left: number }>([
    { name: "SIGTERM ends at once", shape: {}, signal: "SIGTERM", at: 0, left: 0 },
    { name: "SIGTERM is handled for a while", shape: { onSigterm: 3_000 }, signal: "SIGTERM", at: 2_999, left: 1 },
    { name: "SIGTERM was handled", shape: { onSigterm: 3_000 }, signal: "SIGTERM", at: 3_000, left: 0 },
    { name: "SIGTERM is ignored", shape: { onSigterm: "ignored" }, signal: "SIGTERM", at: 9_000, left: 1 },
    { name: "SIGKILL cannot be ignored", shape: { onSigterm: "ignored" }, signal: "SIGKILL", at: 0, left: 0 },
    { name: "SIGKILL takes its time", shape: { onSigkill: 30 }, signal: "SIGKILL", at: 29, left: 1 },
    { name: "SIGKILL has taken its time", shape: { onSigkill: 30 }, signal: "SIGKILL", at: 30, left: 0 },
    { name: "nothing interrupts", shape: { onSigkill: "uninterruptible" }, signal: "SIGKILL", at: 9_000, left: 1 },
    { name: "children are born on SIGTERM", shape: { bornOnSigterm: [{}, {}] }, signal: "SIGTERM", at: 0, left: 2 },
    { name: "a child is born while it is killed", shape: { bornWhileKilled: 2 }, signal: "SIGKILL", at: 0, left: 1 },
    { name: "a wrapper passes nothing on", shape: { children: [{}] }, signal: "SIGTERM", at: 9_000, left: 1 },
  ])("should take a signal: $name", async ({ shape, signal, at, left }) => {
    const world = createWorld();
    expect(world.processes.kill(spawn(world, shape).pid, signal)).toBe("delivered");
    await world.clock.advanceTo(at);
    expect(alive(world)).toHaveLength(left);
  });

  it("should tell how a process exited", async () => {
    const world = createWorld();
    const crashed = spawn(world, { exitsAfterMs: 5, exit: { signal: "SIGSEGV" } });
    const handled = spawn(world, { onSigterm: 5 });
    world.processes.kill(handled.pid, "SIGTERM");
    await world.clock.advanceBy(5);
    expect(crashed.exit).toEqual({ code: null, signal: "SIGSEGV" });
    expect(handled.exit).toEqual({ code: 0, signal: null });
  });

  it("should not signal another user's process, nor one that does not exist", () => {
    const world = createWorld();
    expect(world.processes.kill(spawn(world, { otherUser: true }).pid, "SIGKILL")).toBe("EPERM");
    expect(world.processes.kill(4_321, "SIGKILL")).toBe("ESRCH");
    expect(alive(world)).toHaveLength(1);
  });

  it("should deliver on thawing what an uninterruptible sleep held back", () => {
    const world = createWorld();
    const frozen = spawn(world, { onSigkill: "uninterruptible" });
    world.processes.kill(frozen.pid, "SIGKILL");
    expect(alive(world)).toHaveLength(1);
    world.processes.thaw();
    expect(alive(world)).toEqual([]);
    expect(frozen.exit).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("should fork a bounded number of times while it is killed again and again", () => {
    const world = createWorld();
    spawn(world, { bornWhileKilled: 3 });
    const rounds: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const members = world.truth.liveProcesses("c1");
      rounds.push(members.length);
      for (const { pid } of members) world.processes.kill(pid, "SIGKILL");
    }
    expect(rounds).toEqual([1, 1, 1, 1, 0]);
  });

  it("should fork at intervals, and stop when it dies", async () => {
    const forking = { forks: { everyMs: 10, times: 3 } };
    const world = createWorld();
    spawn(world, forking);
    await world.clock.advanceTo(100);
    expect(alive(world)).toHaveLength(4);
    const other = spawn(world, forking, "c2");
    await world.clock.advanceBy(10);
    world.processes.exit(other);
    await world.clock.advanceBy(100);
    expect(alive(world, "c2")).toHaveLength(1);
  });

  it("should not let a process act after its death", async () => {
    const world = createWorld();
    const leader = spawn(world, { exitsAfterMs: 50, children: [{ bornAfterMs: 20 }] });
    world.processes.exit(leader, { code: 3, signal: null });
    await world.clock.runUntilIdle();
    expect(world.clock.now()).toBe(0);
    expect(alive(world)).toEqual([]);
    expect(leader.exit).toEqual({ code: 3, signal: null });
  });

  it("should give a foreign process the pid that is asked for, if it is free", () => {
    const world = createWorld();
    expect(world.processes.spawnForeign({}, { pid: 500 })?.pid).toBe(500);
    expect(world.processes.spawnForeign({}, { pid: 500 })).toBeUndefined();
  });

  it("should be the same each time", async () => {
    const story = async (options: WorldOptions) => {
      const world = createWorld(options);
      for (let index = 0; index < 5; index += 1) spawn(world, { exitsAfterMs: 10, children: [{}] }, `c${index}`);
      const order: number[] = [];
      for (const { pid } of world.processes.table.all()) {
        const process = world.processes.table.find(pid);
        if (process !== undefined) world.processes.onExit(process, () => order.push(pid));
      }
      await world.clock.runUntilIdle();
      return order.join(" ");
    };
    expect(await story({ seed: 3 })).toBe(await story({ seed: 3 }));
  });
});
