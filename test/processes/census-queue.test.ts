import { describe, expect, it, vi } from "vitest";
import { createCensusQueue, oldestLeader } from "../../src/processes/census-queue.js";
import type { TreeMembers } from "../../src/processes/find-members.js";
import { VirtualClock } from "../../src/testing/simulation/index.js";
import { FakeTable, type FakeProcess } from "./fake-table.js";
import { fakeTree, pinned, treeCookie as cookie } from "./fake-tree.js";
import { pidsOf } from "./hostile-tree.js";

const provedPids = ({ proved }: TreeMembers) => pidsOf(proved);

function createQueue(world: Record<number, FakeProcess>) {
  const clock = new VirtualClock();
  const table = new FakeTable(world);
  return { clock, table, ask: createCensusQueue({ table, clock }) };
}

describe("the census that questions share", () => {
  it("should begin after its questions, answer all of one turn, and note when everybody was counted", async () => {
    const { ask, clock, table } = createQueue({ 60: { marks: [cookie] } });
    await clock.advanceBy(7);
    const [first, second] = [fakeTree(), fakeTree({ cookie: "MCP_LIFECYCLE_other" })];
    const asked = Promise.all([ask(first, provedPids), ask(second, provedPids)]);
    table.processes.set(61, { marks: ["MCP_LIFECYCLE_other"] });
    expect(await clock.run(asked)).toEqual([[60], [61]]);
    expect(table.listings).toBe(2);
    expect([first.countedAt, second.countedAt]).toEqual([7, 7]);
  });

  it("should be over when all are answered: each once, and nothing is waited for", async () => {
    const { ask, clock } = createQueue({ 60: { marks: [cookie] } });
    const answer = vi.fn(provedPids);
    await clock.run(ask(fakeTree(), answer));
    await clock.settle();
    expect(answer).toHaveBeenCalledOnce();
    expect(clock.pending).toEqual([]);
  });

  it("should read no environment of who is older than the trees that are asked for", async () => {
    const { ask, clock, table } = createQueue({ 60: { marks: [cookie] }, 61: { startTime: "99", marks: [cookie] } });
    expect(await clock.run(ask(fakeTree(), provedPids))).toEqual([60]);
    expect(table.listings).toBe(2);
  });

  it("should reject for all who asked where the processes cannot be listed", async () => {
    const { ask, clock, table } = createQueue({});
    const failure = new Error("no descriptors left");
    vi.spyOn(table, "pids").mockImplementation(() => {
      throw failure;
    });
    const asked = Promise.allSettled([ask(fakeTree(), provedPids), ask(fakeTree({}), provedPids)]);
    const rejected = { status: "rejected", reason: failure };
    expect(await clock.run(asked)).toEqual([rejected, rejected]);
  });

  it("should be taken anew for who asks later", async () => {
    const { ask, clock, table } = createQueue({ 60: { marks: [cookie] } });
    expect(await clock.run(ask(fakeTree(), provedPids))).toEqual([60]);
    table.processes.set(61, { marks: [cookie] });
    expect(await clock.run(ask(fakeTree(), provedPids))).toEqual([60, 61]);
  });

  it("should say at once that somebody is left, though not all could be read", async () => {
    const { ask, clock } = createQueue({ 60: { marks: [cookie] }, 61: { marks: "unsettled" } });
    expect(await clock.run(ask(fakeTree(), provedPids))).toEqual([60]);
    expect(clock.now()).toBe(0);
  });

  it("should say at once that somebody may be left", async () => {
    const { ask, clock } = createQueue({ 60: { pgid: 50, sid: 50 }, 61: { marks: "unsettled" } });
    expect(await clock.run(ask(fakeTree(), ({ doubtful }) => pidsOf(doubtful)))).toEqual([60]);
    expect(clock.now()).toBe(0);
  });

  it("should not say that nobody is left while a zombie is all that was found and not all could be read", async () => {
    const { ask, clock, table } = createQueue({ 60: { state: "zombie", marks: [cookie] }, 61: { marks: "unsettled" } });
    clock.schedule(() => table.processes.set(61, { marks: [cookie] }), 25);
    expect(await clock.run(ask(fakeTree(), provedPids))).toEqual([60, 61]);
    expect(clock.now()).toBe(30);
  });

  it("should not say that nobody is left before node has collected the leader", async () => {
    const { ask, clock, table } = createQueue({ 50: { pgid: 50, sid: 50, state: "zombie" } });
    const child: { pid: number; exitCode: number | null; signalCode: null } = { ...pinned };
    clock.schedule(() => void ((child.exitCode = 0), table.processes.delete(50)), 15);
    expect(await clock.run(ask(fakeTree({ cookie, child }), provedPids))).toEqual([]);
    expect(clock.now()).toBe(30);
  });

  it("should say that nobody is left once the system has no leader any more, though node does not know yet", async () => {
    const { ask, clock } = createQueue({});
    expect(await clock.run(ask(fakeTree({ cookie, child: pinned }), provedPids))).toEqual([]);
    expect(clock.now()).toBe(0);
  });

  it("should not say that nobody is left while the kernel says that somebody is in the cgroup", async () => {
    const { ask, clock } = createQueue({});
    let inside = true;
    clock.schedule(() => (inside = false), 15);
    const cgroup = { isPopulated: () => inside, remove: () => !inside };
    expect(await clock.run(ask(fakeTree({ cookie, cgroup }), provedPids))).toEqual([]);
    expect(clock.now()).toBe(30);
  });

  it("should reject, less and less often asked, where somebody is in the cgroup whom nobody sees", async () => {
    const { ask, clock, table } = createQueue({});
    const cgroup = { path: "/sys/fs/cgroup/ours", isPopulated: () => true, remove: () => false };
    await expect(clock.run(ask(fakeTree({ cookie, cgroup }), provedPids))).rejects.toMatchObject({
      code: "PROCESS_TABLE",
      message: expect.stringContaining("somebody is in /sys/fs/cgroup/ours") as string,
    });
    // 10, 20, 40 and 80 ms, then 100 each: twenty pauses between twenty-one censuses.
    expect(clock.now()).toBe(150 + 16 * 100);
    expect(table.listings).toBe(42);
  });

  it("should reject only for the tree whose emptiness cannot be told", async () => {
    const { ask, clock } = createQueue({ 60: { marks: [cookie] }, 61: { marks: "unsettled" } });
    const asked = [ask(fakeTree(), provedPids), ask(fakeTree({ cookie: "MCP_LIFECYCLE_other" }), provedPids)];
    expect(await clock.run(Promise.allSettled(asked))).toMatchObject([
      { status: "fulfilled", value: [60] },
      { status: "rejected", reason: { message: expect.stringContaining("processes come and go") as string } },
    ]);
  });

  it("should not let what goes wrong with one tree fail the question about another", async () => {
    const { ask, clock } = createQueue({ 60: { marks: [cookie] } });
    const remove = () => {
      throw new Error("no descriptors left");
    };
    const asked = [
      ask(fakeTree({ cookie: "MCP_LIFECYCLE_other", cgroup: { remove } }), provedPids),
      ask(fakeTree(), provedPids),
    ];
    expect(await clock.run(Promise.allSettled(asked))).toMatchObject([
      { status: "rejected", reason: { message: "no descriptors left" } },
      { status: "fulfilled", value: [60] },
    ]);
    await clock.settle();
    expect(clock.pending).toEqual([]);
  });

  it("should read nobody's environment who is older than the oldest leader of a tree with a cookie", async () => {
    const table = new FakeTable();
    const older = {
      containment: "group",
      leader: { pid: 40, startTime: "90" },
      cookie: "MCP_LIFECYCLE_older",
    } as const;
    const adopted = { ...fakeTree({}), ref: { containment: "group", leader: { pid: 30, startTime: "1" } } } as const;
    expect(oldestLeader([fakeTree(), { ...fakeTree(), ref: older }, fakeTree(), adopted], table)).toBe(90);
    expect(oldestLeader([adopted], table)).toBe(Infinity);
  });
});
