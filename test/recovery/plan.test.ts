import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { takeCensus } from "../../src/processes/census.js";
import type { HeldBy } from "../../src/recovery/held-by.js";
import type { OwnerState } from "../../src/recovery/owner-state.js";
import { type Decision, ownerKey, plan } from "../../src/recovery/plan.js";
import type { TreeEntry } from "../../src/recovery/tree-entry.js";
import { type FakeProcess, FakeTable } from "../processes/fake-table.js";
import { entryOf } from "./ledger-files.js";

const self = 900;
const entry = entryOf({ leader: { pid: 10, startTime: "200" } });
const { cookie, owner } = entry;
const leader = { startTime: "200", pgid: 10, sid: 10, marks: [cookie] };
const shell = { 900: { ppid: 899 }, 899: { ppid: 1 } };

function decide(
  processes: Record<number, FakeProcess>,
  options: { entry?: TreeEntry; state?: OwnerState; bootId?: string; pidNamespace?: string; held?: HeldBy } = {},
): Decision | undefined {
  const { entry: asked = entry, state = "dead" } = options;
  const { bootId = owner.bootId, pidNamespace = owner.pidNamespace } = options;
  const census = takeCensus(new FakeTable({ ...shell, ...processes }), { bornSince: 0 });
  const gateways = new Map([[ownerKey(asked.owner), state]]);
  const entries = [{ folder: "g", file: "g/f", entry: asked }];
  const held = new Map(options.held && [["g/f", options.held]]);
  return plan({ entries, census, scope: { bootId, pidNamespace }, self, gateways, held })[0];
}

const signalled = (decision: Decision | undefined) =>
  decision?.verdict === "end" ? decision.signals.map(({ pid }) => pid) : [];
const doubted = (decision: Decision | undefined) =>
  decision?.verdict === "end" ? decision.doubtful.map(({ pid }) => pid) : [];

describe("the plan of the reaper", () => {
  it("should end the leader, who carries the cookie, and who descends from either, and nobody else", () => {
    const decision = decide({
      10: leader,
      11: { ppid: 10 },
      12: { ppid: 1, marks: [cookie], sid: 12 },
      13: { ppid: 12 },
      14: { marks: [entryOf().cookie] },
      15: {},
    });
    expect(signalled(decision)).toEqual([10, 11, 12, 13]);
    expect(doubted(decision)).toEqual([]);
  });

  it("should end who is in the tree's cgroup, whatever else he shed", () => {
    const held = { isPopulated: true, pids: new Set([16]) };
    expect(signalled(decide({ 15: {}, 16: { ppid: 1, sid: 16 } }, { held }))).toEqual([16]);
  });

  it("should not call a tree gone while its cgroup is populated, though nobody can be seen in it", () => {
    expect(decide({}, { held: { isPopulated: true, pids: new Set() } })).toMatchObject({ verdict: "end", signals: [] });
    expect(decide({}, { held: { isPopulated: false, pids: new Set() } })).toMatchObject({ verdict: "gone" });
  });

  it("should find a tree by its cookie that was about to be started when its gateway died", () => {
    const { leader: _started, ...intent } = entry;
    expect(signalled(decide({ 10: leader, 15: { sid: -1, pgid: -1 } }, { entry: intent }))).toEqual([10]);
  });

  it.each([
    ["lives", { state: "alive" }, /lives/],
    ["cannot be seen", { state: "unknown" }, /cannot be seen/],
    ["counts its processes for itself", { pidNamespace: "pid:[1]" }, /another pid namespace/],
  ] as const)("should leave alone what belongs to a gateway that %s", (_how, options, because) => {
    const decision = decide({ 10: leader }, options);
    expect(decision).toMatchObject({ verdict: "leave", because: expect.stringMatching(because) });
  });

  it("should signal nobody for a record of another boot, whatever has its pids now", () => {
    expect(decide({ 10: leader }, { bootId: "other" })).toMatchObject({ verdict: "gone" });
  });

  it("should leave alone who has the leader's pid and not its start time", () => {
    expect(decide({ 10: { startTime: "201" } })).toMatchObject({ verdict: "gone" });
  });

  it("should not signal who has pid and start time, and not the cookie, nor who descends from it", () => {
    const decision = decide({ 10: { startTime: "200", pgid: 10, sid: 10 }, 11: { ppid: 10 }, 12: { marks: [cookie] } });
    expect(signalled(decision)).toEqual([12]);
    expect(doubted(decision)).toEqual([10, 11]);
  });

  it("should not signal whoever is left in the leader's group without the cookie once the leader is gone", () => {
    const decision = decide({ 11: { pgid: 10, sid: 10 } });
    expect([signalled(decision), doubted(decision)]).toEqual([[], [11]]);
  });

  it("should signal who shares the leader's session with somebody who carries the cookie, also when the leader is gone", () => {
    const unmarked = { pgid: 10, sid: 10 };
    expect(signalled(decide({ 11: { ...unmarked, marks: [cookie] }, 12: unmarked, 13: { sid: 13 } }))).toEqual([
      11, 12,
    ]);
    const elsewhere = decide({ 11: { pgid: 9, sid: 9, marks: [cookie] }, 12: unmarked, 13: { pgid: 9, sid: 9 } });
    expect([signalled(elsewhere), doubted(elsewhere)]).toEqual([[11], [12]]);
  });

  it("should not end a tree that this process is part of", () => {
    expect(decide({ 10: leader, 899: { ppid: 10 } })).toMatchObject({ verdict: "leave" });
    expect(decide({ 10: leader, 900: { ppid: 1, marks: [cookie] } })).toMatchObject({ verdict: "leave" });
  });

  it("should signal an orphan that hangs under a subreaper, and not the subreaper", () => {
    const orphan = { ppid: 50, marks: [cookie] };
    expect(signalled(decide({ 10: leader, 11: orphan, 50: { ppid: 1, sid: 50, pgid: 50 } }))).toEqual([10, 11]);
    expect(signalled(decide({ 11: orphan, 12: { ppid: 50 }, 50: { ppid: 1 } }))).toEqual([11]);
  });

  it("should take a zombie for gone", () => {
    expect(decide({ 10: { ...leader, state: "zombie", marks: [] } })).toMatchObject({ verdict: "gone" });
  });

  it("should signal nobody where nobody carries the cookie, whatever the record says and whoever there is", () => {
    const pid = fc.integer({ min: 2, max: 30 });
    const time = fc.constantFrom("100", "200", "300");
    const others = fc.record({
      ppid: pid,
      pgid: pid,
      sid: pid,
      startTime: time,
      state: fc.constantFrom("running" as const, "zombie" as const, "exiting" as const),
      marks: fc.constantFrom([], [entryOf().cookie], ["MCP_LIFECYCLE_ENDED"], "unreadable" as const),
    });
    const worlds = fc.dictionary(
      fc.nat({ max: 28 }).map((n) => `${n + 2}`),
      others,
      { maxKeys: 20 },
    );
    fc.assert(
      fc.property(worlds, fc.record({ pid, startTime: time }), (processes, named) => {
        expect(signalled(decide(processes, { entry: { ...entry, leader: named } }))).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
