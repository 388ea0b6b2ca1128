import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, onTestFinished } from "vitest";
import { createLinuxProcessTable, type TreeRef } from "../../src/processes/index.js";
import { groupHost } from "./group-host.js";
import { FakeTable } from "./fake-table.js";
import { startHostile } from "./hostile-tree.js";

const cookie = "MCP_LIFECYCLE_tree";
const ref: TreeRef = { containment: "group", leader: { pid: 50, startTime: "100" }, cookie };

/** A host on a fake table that writes down what it would have signalled; `refuse` says with which error the system answers. */
function recordingHost(table: FakeTable, refuse: (pid: number) => string | undefined = () => undefined) {
  const kills: [number, string | number][] = [];
  const kill = (pid: number, signal: string | number) => {
    const code = refuse(pid);
    if (code !== undefined) throw Object.assign(new Error(code), { code });
    kills.push([pid, signal]);
  };
  return { host: groupHost({ table, kill, platform: "linux" }), kills };
}

describe("signalling a tree on a process table that lies as the kernel may", () => {
  it("should signal nobody who only has the number of our group: its leader is another process", async () => {
    const stranger = { pgid: 50, sid: 50, startTime: "900" };
    const { host, kills } = recordingHost(new FakeTable({ 50: stranger, 60: { ...stranger, ppid: 50 } }));
    expect(await host.signal(ref, "SIGKILL")).toEqual({ signalled: [], refused: [] });
    host.killSync(ref);
    expect(kills).toEqual([]);
  });

  it("should signal one by one, and never the group, once the leader is not our unreaped child", async () => {
    const table = new FakeTable({ 50: { pgid: 50, sid: 50, marks: [cookie] }, 60: { pgid: 50, sid: 50 } });
    const { host, kills } = recordingHost(table);
    expect(await host.signal(ref, "SIGTERM")).toEqual({ signalled: [50, 60], refused: [] });
    expect(kills).toEqual([[50, "SIGTERM"], [60, "SIGTERM"]]); // prettier-ignore
  });

  it("should not signal a pid that was given to another process between the search and the signal", async () => {
    const table = new FakeTable({ 60: { marks: [cookie] } });
    table.startTimeOf = () => "901";
    const { host, kills } = recordingHost(table);
    expect(await host.signal(ref, "SIGKILL")).toEqual({ signalled: [], refused: [] });
    expect(kills).toEqual([]);
  });

  it("should signal nobody in doubt, no zombie, and never a pid of 1 or less", async () => {
    const table = new FakeTable({
      0: { marks: [cookie] },
      1: { marks: [cookie] },
      60: { pgid: 50, sid: 50 },
      61: { state: "zombie", marks: [cookie], sid: 61 },
    });
    const { host, kills } = recordingHost(table);
    await host.signal(ref, "SIGKILL");
    host.killSync(ref);
    expect(kills).toEqual([]);
  });

  it("should report whom the system does not let us signal, and count who is gone as neither", async () => {
    const table = new FakeTable({ 60: { marks: [cookie] }, 61: { marks: [cookie] }, 62: { marks: [cookie] } });
    const codes = new Map([[60, "EPERM"], [61, "ESRCH"]]); // prettier-ignore
    const { host } = recordingHost(table, (pid) => codes.get(pid));
    expect(await host.signal(ref, "SIGKILL")).toEqual({ signalled: [62], refused: [{ pid: 60, code: "EPERM" }] });
  });

  it("should stop everybody in killSync until nobody new is found, and only then kill", () => {
    const table = new FakeTable({ 60: { marks: [cookie] } });
    const { host, kills } = recordingHost(table);
    table.beforeListing = (listing) => {
      if (listing === 2) table.processes.set(61, { marks: [cookie] });
    };
    host.killSync(ref);
    expect(kills).toEqual([[60, "SIGSTOP"], [61, "SIGSTOP"], [60, "SIGKILL"], [61, "SIGKILL"]]); // prettier-ignore
  });

  it("should never throw from killSync", () => {
    const table = new FakeTable();
    table.pids = () => {
      throw new Error("no descriptors left");
    };
    expect(() => recordingHost(table).host.killSync(ref)).not.toThrow();
  });
});

describe.runIf(process.platform === "linux")("signalling real trees", () => {
  it("should let a neighbour live that has the same program and the same parent, and a cookie of its own", async () => {
    const host = groupHost();
    const [tree, neighbour] = [
      await startHostile("helpers-all", { host }),
      await startHostile("helpers-all", { host }),
    ];
    const decoy = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    onTestFinished(() => void decoy.kill("SIGKILL"));
    const before = neighbour.witness.holders();
    await host.look(tree.ref);
    const { signalled } = await host.signal(tree.ref, "SIGKILL");
    expect(signalled).toHaveLength(8);
    await tree.witness.gone({ withinMs: 5_000 });
    expect(neighbour.witness.holders()).toEqual(before);
    expect(decoy.exitCode ?? decoy.signalCode).toBeNull();
  });

  it("should give SIGTERM to each process of the tree", async () => {
    const tree = await startHostile("nested-gateway");
    await tree.host.signal(tree.ref, "SIGTERM");
    await tree.witness.gone({ withinMs: 5_000 });
    await expect(tree.exited).resolves.toEqual({ code: null, signal: "SIGTERM" });
  });

  it("should kill whole trees synchronously when a process exits, at a few censuses each", async () => {
    const real = createLinuxProcessTable();
    let listings = 0;
    const host = groupHost({ table: { ...real, pids: () => ((listings += 1), real.pids()) } });
    const trees = await Promise.all(Array.from({ length: 5 }, () => startHostile("helper-ignored-stdio", { host })));
    listings = 0;
    for (const { ref: one } of trees) host.killSync(one);
    // Three censuses of two listings each; where others come and go meanwhile, a census lists once more.
    expect(listings).toBeLessThanOrEqual(10 * trees.length);
    for (const { witness } of trees) await witness.gone({ withinMs: 5_000 });
  });

  it("should reach helpers in sessions of their own synchronously", async () => {
    const tree = await startHostile("helpers-all");
    tree.host.killSync(tree.ref);
    await tree.witness.gone({ withinMs: 5_000 });
  });

  it("should signal nobody in a tree that is gone", async () => {
    const tree = await startHostile("well-behaved");
    tree.stdin.end();
    await once(tree.stdout, "close");
    await tree.exited;
    expect(await tree.host.signal(tree.ref, "SIGKILL")).toEqual({ signalled: [], refused: [] });
  });
});
