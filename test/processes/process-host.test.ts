import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/ports/system-clock.js";
import { SpawnError } from "../../src/errors/index.js";
import {
  createCookie,
  createLinuxProcessTable,
  type ProcessHost,
  type ProcessTable,
  type TreeSpec,
} from "../../src/processes/index.js";
import { watchPids } from "../../src/testing/witness/index.js";
import { groupHost } from "./group-host.js";
import { FakeTable } from "./fake-table.js";
import { killUntilGone, startHostile } from "./hostile-tree.js";

const spec = (changes: Partial<TreeSpec>): TreeSpec => ({
  command: process.execPath,
  args: ["-e", ""],
  env: {},
  cookie: createCookie(),
  ...changes,
});

describe.runIf(process.platform === "linux")("the process host", () => {
  it("should start a leader of its own group and session that carries the cookie and nothing else of ours", async () => {
    const host = groupHost();
    const cookie = createCookie();
    const print = "process.stdout.write(JSON.stringify(process.env)); process.stdin.resume()";
    const tree = await host.spawn(spec({ args: ["-e", print], env: { A: "b" }, cookie }));
    const [output] = await once(tree.stdout, "data");
    expect(JSON.parse(String(output))).toEqual({ A: "b", [cookie]: "1" });
    const { survivors } = await host.look(tree.ref);
    expect(survivors).toMatchObject([{ pid: tree.ref.leader.pid, pgid: tree.ref.leader.pid, ppid: process.pid }]);
    expect(tree.ref).toMatchObject({ containment: "group", cookie });
    tree.stdin.end();
    await expect(tree.exited).resolves.toEqual({ code: 0, signal: null });
    await expect(host.look(tree.ref)).resolves.toEqual({ survivors: [], unreaped: [], doubtful: [] });
  });

  it.each<[string, string, Partial<TreeSpec>]>([
    ["program that does not exist", "command", { command: "no-such-program-anywhere" }],
    ["program that is not executable", "command", { command: import.meta.filename }],
    ["argument that no program can be given", "command", { args: ["\0"] }],
    ["working directory that does not exist", "cwd", { cwd: "/no/such/directory" }],
    ["working directory that is a file", "cwd", { cwd: import.meta.filename }],
  ])("should reject a %s, naming its %s", async (_what, field, changes) => {
    const failure = await groupHost()
      .spawn(spec(changes))
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SpawnError);
    expect(failure).toMatchObject({ field, code: "SPAWN_FAILED" });
  });

  it("should leave nothing of a process that was started and cannot be identified", async () => {
    const table: ProcessTable = { ...createLinuxProcessTable(), startTimeOf: () => undefined };
    await expect(groupHost({ table }).spawn(spec({ args: ["-e", "setTimeout(() => {}, 60000)"] }))).rejects.toThrow(
      /process \d+ was started/,
    );
  });

  it("should resolve `exited` when the leader exits, though a helper holds all its pipes (LP-26)", async () => {
    const tree = await startHostile("helper-holds-stdio");
    tree.stdin.end();
    await expect(tree.exited).resolves.toEqual({ code: 0, signal: null });
    expect(tree.witness.isHeld).toBe(true);
    await killUntilGone(tree);
  });

  it("should not crash when it writes to a leader that reads no more", async () => {
    const host = groupHost();
    const program = 'require("fs").closeSync(0); process.stdout.write("closed"); setTimeout(() => {}, 60000)';
    const tree = await host.spawn(spec({ args: ["-e", program] }));
    await once(tree.stdout, "data");
    expect(await new Promise((resolve) => tree.stdin.write("x", resolve))).toMatchObject({ code: "EPIPE" });
    host.killSync(tree.ref);
    await tree.exited;
  });

  it("should say that a tree is empty only when the exit status of its leader is known", async () => {
    const host = groupHost();
    const tree = await host.spawn(spec({ args: ["-e", "setTimeout(() => {}, 60000)"] }));
    let exit: unknown;
    void tree.exited.then((status) => (exit = status));
    host.killSync(tree.ref);
    for (let look = await host.look(tree.ref); look.survivors.length > 0;) look = await host.look(tree.ref);
    expect(exit).toEqual({ code: null, signal: "SIGKILL" });
  });

  it("should answer a hundred looks of one moment by one census", async () => {
    const table = createLinuxProcessTable();
    let listings = 0;
    const pids = () => ((listings += 1), table.pids());
    const host = groupHost({ table: { ...table, pids } });
    const tree = await host.spawn(spec({ args: ["-e", "process.stdin.resume()"] }));
    const looks = await Promise.all(Array.from({ length: 100 }, () => host.look(tree.ref)));
    for (const { survivors } of looks) expect(survivors).toHaveLength(1);
    // A settled census needs two listings, and seldom more.
    expect(listings).toBeLessThanOrEqual(8);
    tree.stdin.end();
    await tree.exited;
  });

  it("should begin the census after it was asked: who was started after one question is seen by the next", async () => {
    const host = groupHost();
    const first = await host.spawn(spec({ args: ["-e", "process.stdin.resume()"] }));
    const looking = host.look(first.ref);
    const second = await host.spawn(spec({ args: ["-e", "process.stdin.resume()"] }));
    expect((await host.look(second.ref)).survivors).toHaveLength(1);
    expect((await looking).survivors).toHaveLength(1);
    for (const tree of [first, second]) tree.stdin.end();
    await Promise.all([first.exited, second.exited]);
  });

  it("should not take a tree for empty while a process is in an exec that could be of it", async () => {
    const cookie = createCookie();
    const table = new FakeTable({ 60: { marks: "unsettled" } });
    table.beforeListing = (listing) => {
      if (listing === 40) table.processes.set(60, { marks: [cookie] });
    };
    const ref = { containment: "group", leader: { pid: 50, startTime: "100" }, cookie } as const;
    expect((await groupHost({ table }).look(ref)).survivors).toMatchObject([{ pid: 60 }]);
  });

  it("should reject a look, after a while, rather than to prove what it cannot read", async () => {
    const table = new FakeTable({ 60: { marks: "unsettled" } });
    const pausesMs: number[] = [];
    const clock = {
      ...systemClock,
      setTimeout: (callback: () => void, delayMs: number) => (pausesMs.push(delayMs), setImmediate(callback)),
    };
    const ref = { containment: "group", leader: { pid: 50, startTime: "100" }, cookie: createCookie() } as const;
    await expect(groupHost({ table, clock }).look(ref)).rejects.toMatchObject({ code: "PROCESS_TABLE" });
    expect(pausesMs.slice(0, 5)).toEqual([10, 20, 40, 80, 100]);
  });

  it("should know a tree by its reference alone, as after a restart of the gateway", async () => {
    const tree = await startHostile("helper-double-fork");
    const other = groupHost();
    expect((await other.look(tree.ref)).survivors).toHaveLength(2);
    await killUntilGone({ ...tree, host: other });
    await tree.witness.gone();
  });

  it("should reject a look, and not prove anything, when the process table cannot be read", async () => {
    const table = createLinuxProcessTable({ root: "/no/such/proc" });
    const ref = { containment: "group", leader: { pid: 4_000_000, startTime: "1" }, cookie: createCookie() } as const;
    await expect(groupHost({ table }).look(ref)).rejects.toMatchObject({ code: "PROCESS_TABLE" });
  });

  it("should signal the group of its own child unseen, when the process table cannot be read", async () => {
    const host = createBreakableHost();
    const tree = await startHostile("helper-ignored-stdio", { host });
    host.break();
    await expect(host.signal(tree.ref, "SIGTERM")).resolves.toEqual({ signalled: [tree.ref.leader.pid], refused: [] });
    await tree.witness.gone({ withinMs: 5_000 });
  });

  it("should signal no group unseen once the leader was collected: the number may be anybody's", async () => {
    const host = createBreakableHost();
    const tree = await startHostile("helper-ignored-stdio", { host });
    tree.stdin.end();
    await tree.exited;
    host.break();
    await expect(host.signal(tree.ref, "SIGTERM")).rejects.toMatchObject({ code: "PROCESS_TABLE" });
    host.killSync(tree.ref);
    expect(tree.witness.isHeld).toBe(true);
  });
});

describe.runIf(process.platform === "linux")("adopting a process", () => {
  it("should hold what somebody else started, with what descends from it now", async () => {
    const child = spawn("/bin/sh", ["-c", "sleep 60 & sleep 60; true"], { stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    const watch = watchPids(child.pid ?? 0);
    while (watch.watched.length < 3) watch.refresh();
    const host = groupHost();
    const ref = await host.adopt(child.pid ?? 0);
    expect(ref.cookie).toBeUndefined();
    child.kill("SIGKILL");
    await once(child, "exit");
    // It did not lead a group, and its children have another parent now: they are known from the adoption.
    expect((await host.look(ref)).survivors).toHaveLength(2);
    await host.signal(ref, "SIGKILL");
    await watch.gone({ withinMs: 2_000 });
  });

  it("should reject what does not exist, this process, and what this process descends from", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    for (const pid of [child.pid ?? 0, process.pid, process.ppid, 1, 0, -1]) {
      await expect(groupHost().adopt(pid)).rejects.toBeInstanceOf(SpawnError);
    }
  });
});

/** A host whose process table cannot be read any more from some moment on. */
function createBreakableHost(): ProcessHost & { break(): void } {
  const readable = createLinuxProcessTable();
  const unreadable = createLinuxProcessTable({ root: "/no/such/proc" });
  let listed = readable;
  const host = groupHost({ table: { ...readable, pids: () => listed.pids() } });
  return { ...host, break: () => void (listed = unreadable) };
}
