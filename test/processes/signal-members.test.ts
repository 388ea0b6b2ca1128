import { describe, expect, it } from "vitest";
import { takeCensus } from "../../src/processes/census.js";
import { findMembers } from "../../src/processes/find-members.js";
import { killMembers, signalMembers, signalPinnedGroup } from "../../src/processes/signal-members.js";
import type { TreeRecord } from "../../src/processes/tree-record.js";
import { type FakeProcess, FakeTable } from "./fake-table.js";
import { fakeTree, pinned, recordKills, treeCookie as cookie } from "./fake-tree.js";

const inGroup: FakeProcess = { pgid: 50, sid: 50 };
const elsewhere: FakeProcess = { pgid: 70, sid: 70, ppid: 50 };

function prepare(record: TreeRecord, world: Record<number, FakeProcess>, refuse?: Parameters<typeof recordKills>[0]) {
  const table = new FakeTable(world);
  const members = findMembers(takeCensus(table, { bornSince: 0 }), record);
  const { kill, kills } = recordKills(refuse);
  return { kills, options: { table, kill, record, members } };
}

describe("signalling the members of a tree", () => {
  const world = { 50: inGroup, 60: inGroup, 70: elsewhere };

  it("should signal the group of a leader that is ours as a whole and first, and everybody else alone", () => {
    const { kills, options } = prepare(fakeTree({ cookie, child: pinned }), world);
    expect(signalMembers({ ...options, signal: "SIGTERM" })).toEqual({ signalled: [50, 60, 70], refused: [] });
    expect(kills).toEqual([[50, 0], [60, 0], [-50, "SIGTERM"], [70, "SIGTERM"]]); // prettier-ignore
  });

  it.each([
    ["has exited", { ...pinned, exitCode: 0 }],
    ["was killed", { ...pinned, signalCode: "SIGKILL" as const }],
    ["never had a pid", { exitCode: null, signalCode: null }],
  ])("should signal no group whose leader %s", (_what, child) => {
    const { kills, options } = prepare(fakeTree({ cookie, child }), world);
    expect(signalMembers({ ...options, signal: "SIGTERM" }).signalled).toEqual([50, 60, 70]);
    expect(kills).toEqual([[50, "SIGTERM"], [60, "SIGTERM"], [70, "SIGTERM"]]); // prettier-ignore
  });

  it("should signal no group that the leader does not lead", () => {
    const { kills, options } = prepare(fakeTree({ child: pinned }), { 50: { pgid: 40, sid: 40 } });
    expect(signalMembers({ ...options, signal: "SIGTERM" }).signalled).toEqual([50]);
    expect(kills).toEqual([[50, "SIGTERM"]]);
  });

  it("should signal no group that the leader is not seen in", () => {
    const { kills, options } = prepare(fakeTree({ cookie, child: pinned }), { 60: { ...inGroup, marks: [cookie] } });
    expect(signalMembers({ ...options, signal: "SIGTERM" }).signalled).toEqual([60]);
    expect(kills).toEqual([[60, "SIGTERM"]]);
  });

  it("should signal no group of which nobody runs", () => {
    const { kills, options } = prepare(fakeTree({ cookie, child: pinned }), {
      50: { ...inGroup, state: "zombie" },
      70: elsewhere,
    });
    expect(signalMembers({ ...options, signal: "SIGTERM" }).signalled).toEqual([70]);
    expect(kills).toEqual([[70, "SIGTERM"]]);
  });

  it("should tell of a group who of it could not be signalled, and why", () => {
    const codes = new Map([[60, { code: "EPERM" }], [70, {}]]); // prettier-ignore
    const { kills, options } = prepare(fakeTree({ cookie, child: pinned }), world, (pid) => codes.get(pid));
    expect(signalMembers({ ...options, signal: "SIGKILL" })).toEqual({
      signalled: [50],
      refused: [
        { pid: 60, code: "EPERM" },
        { pid: 70, code: "EUNKNOWN" },
      ],
    });
    expect(kills).toEqual([[50, 0], [-50, "SIGKILL"]]); // prettier-ignore
  });

  it("should count who is gone meanwhile neither as signalled nor as refused", () => {
    const { options } = prepare(fakeTree({ cookie, child: pinned }), world, (pid) =>
      pid === 60 || pid === 70 ? { code: "ESRCH" } : undefined,
    );
    expect(signalMembers({ ...options, signal: "SIGTERM" })).toEqual({ signalled: [50], refused: [] });
  });

  it("should not signal a pid that another process got between the search and the signal", () => {
    const { kills, options } = prepare(fakeTree(), { 60: { marks: [cookie] } });
    options.table.processes.set(60, { startTime: "101" });
    expect(signalMembers({ ...options, signal: "SIGKILL" })).toEqual({ signalled: [], refused: [] });
    expect(kills).toEqual([]);
  });

  it("should kill by the cgroup who is in it, and by pid only who is outside", () => {
    const { kills, options } = prepare(fakeTree({ cookie, child: pinned, cgroup: { kill: () => [50, 60] } }), world);
    expect(killMembers(options)).toEqual({ signalled: [50, 60, 70], refused: [] });
    expect(kills).toEqual([[70, "SIGKILL"]]);
  });

  it("should kill all by pid where there is no cgroup", () => {
    const { kills, options } = prepare(fakeTree(), world);
    expect(killMembers(options).signalled).toEqual([50, 60, 70]);
    expect(kills).toEqual([[50, "SIGKILL"], [60, "SIGKILL"], [70, "SIGKILL"]]); // prettier-ignore
  });
});

describe("signalling a group unseen", () => {
  it("should signal the group of our own leader, and say so", () => {
    const { kill, kills } = recordKills();
    expect(signalPinnedGroup(kill, fakeTree({ cookie, child: pinned }), "SIGKILL")).toBe(true);
    expect(kills).toEqual([[-50, "SIGKILL"]]);
  });

  it("should say that it did not where the system refuses", () => {
    const { kill } = recordKills(() => ({ code: "ESRCH" }));
    expect(signalPinnedGroup(kill, fakeTree({ cookie, child: pinned }), "SIGKILL")).toBe(false);
  });

  it.each<[string, TreeRecord]>([
    ["is not our child", fakeTree()],
    ["was collected", fakeTree({ cookie, child: { ...pinned, exitCode: 1 } })],
    ["does not lead it", fakeTree({ child: pinned })],
  ])("should signal no group whose leader %s", (_what, record) => {
    const { kill, kills } = recordKills();
    expect(signalPinnedGroup(kill, record, "SIGKILL")).toBe(false);
    expect(kills).toEqual([]);
  });
});
