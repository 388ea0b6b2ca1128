import { describe, expect, it } from "vitest";
import { createSyncKill } from "../../src/processes/kill-sync.js";
import type { TreeRecord } from "../../src/processes/tree-record.js";
import { type FakeProcess, FakeTable } from "./fake-table.js";
import { fakeTree, pinned, recordKills, treeCookie as cookie } from "./fake-tree.js";

const ours: FakeProcess = { marks: [cookie] };
const inGroup: FakeProcess = { pgid: 50, sid: 50 };

function prepare(world: Record<number, FakeProcess>, record: TreeRecord) {
  const table = new FakeTable(world);
  const { kill, kills } = recordKills();
  const killSync = createSyncKill({ table, kill, records: () => [record] });
  return { table, kills, run: () => killSync(record) };
}

describe("killing a tree without waiting", () => {
  it("should stop our leader's group before anybody is counted, and each member once", () => {
    const { table, kills, run } = prepare({ 50: inGroup, 60: inGroup, 70: ours }, fakeTree({ cookie, child: pinned }));
    const before: unknown[] = [];
    table.beforeListing = (listing) => void (listing === 1 && before.push(...kills));
    run();
    expect(before).toEqual([[-50, "SIGSTOP"]]);
    expect(kills.filter(([pid]) => pid === 70)).toEqual([[70, "SIGSTOP"], [70, "SIGKILL"]]); // prettier-ignore
    expect(kills.slice(-2)).toEqual([[-50, "SIGKILL"], [70, "SIGKILL"]]); // prettier-ignore
  });

  it("should count once more after the last newcomer, and no more", () => {
    const { table, run } = prepare({ 60: ours }, fakeTree());
    run();
    expect(table.listings).toBe(4);
  });

  it("should need no second count where it finds nobody", () => {
    const { table, run, kills } = prepare({ 60: {} }, fakeTree());
    run();
    expect(table.listings).toBe(2);
    expect(kills).toEqual([]);
  });

  it("should leave alone who is older than all trees, whatever he carries", () => {
    const { run, kills } = prepare({ 60: { ...ours, startTime: "99" } }, fakeTree());
    run();
    expect(kills).toEqual([]);
  });

  it("should come to an end, and kill all it knows, though somebody new comes at each count", () => {
    const { table, kills, run } = prepare({ 60: ours }, fakeTree());
    table.beforeListing = (listing) => void (listing % 2 === 1 && table.processes.set(60 + listing, ours));
    run();
    const [stopped, killed] = ["SIGSTOP", "SIGKILL"].map((sent) =>
      kills.filter(([, signal]) => signal === sent).map(([pid]) => pid),
    );
    expect(stopped).toHaveLength(11);
    expect(killed).toEqual(stopped);
  });

  it("should kill the cgroup when everybody is still, before anybody dies by his pid", () => {
    const steps: string[] = [];
    const cgroup = { kill: () => (steps.push(`cgroup after ${kills.length}`), []), remove: () => true };
    const { kills, run } = prepare({ 60: ours }, fakeTree({ cookie, cgroup }));
    run();
    expect(steps).toEqual(["cgroup after 1"]);
    expect(kills).toEqual([[60, "SIGSTOP"], [60, "SIGKILL"]]); // prettier-ignore
  });

  it("should kill our leader's group unseen where nobody can be counted", () => {
    const { table, kills, run } = prepare({ 50: inGroup }, fakeTree({ cookie, child: pinned }));
    table.pids = () => {
      throw new Error("no descriptors left");
    };
    run();
    expect(kills).toEqual([[-50, "SIGSTOP"], [-50, "SIGKILL"]]); // prettier-ignore
  });

  it.each([
    ["at once", 1, 1],
    ["after a moment", 3, 3],
    ["never, and not wait for that any longer than 20 times 1 ms", Infinity, 20],
  ])("should remove the cgroup that is empty %s", (_when, emptyAt, asked) => {
    let asks = 0;
    const { run } = prepare({}, fakeTree({ cookie, cgroup: { remove: () => (asks += 1) >= emptyAt } }));
    run();
    expect(asks).toBe(asked);
  });

  it("should not throw where its cgroup cannot be removed", () => {
    const remove = () => {
      throw new Error("no descriptors left");
    };
    expect(prepare({}, fakeTree({ cookie, cgroup: { remove } })).run).not.toThrow();
  });
});
