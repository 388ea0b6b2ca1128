import { describe, expect, it } from "vitest";
import { takeCensus } from "../../src/processes/census.js";
import { findMembers } from "../../src/processes/find-members.js";
import type { TreeRef } from "../../src/processes/index.js";
import { createTreeRecord, type TreeRecord } from "../../src/processes/tree-record.js";
import { type FakeProcess, FakeTable } from "./fake-table.js";
import { pidsOf } from "./hostile-tree.js";

const cookie = "MCP_LIFECYCLE_tree";
const spawned: TreeRef = { containment: "group", leader: { pid: 50, startTime: "100" }, cookie };
const adopted: TreeRef = { containment: "group", leader: { pid: 50, startTime: "100" } };
const leader: FakeProcess = { pgid: 50, sid: 50, marks: [cookie] };
const inGroup: FakeProcess = { pgid: 50, sid: 50 };

/** Looks at one world after the other with the same memory; gives what the last look found. */
function look(ref: TreeRef, ...worlds: Record<number, FakeProcess>[]) {
  const record = createTreeRecord(ref);
  return worlds.map((world) => lookFor(record, world)).at(-1);
}

function lookFor(record: TreeRecord, world: Record<number, FakeProcess>) {
  const { proved, doubtful } = findMembers(takeCensus(new FakeTable(world), { bornSince: 0 }), record);
  return { proved: pidsOf(proved), doubtful: pidsOf(doubtful) };
}

describe("findMembers", () => {
  it.each<[string, Record<number, FakeProcess>]>([
    ["carries the cookie, wherever it went", { 60: { sid: 60, pgid: 60, marks: ["MCP_LIFECYCLE_other", cookie] } }],
    [
      "descends from somebody who carries it, with a cleared environment",
      { 61: { marks: [cookie] }, 60: { ppid: 61, sid: 60, pgid: 60 } },
    ],
    ["is in the group, the leader being there", { 50: leader, 60: { pgid: 50, sid: 50 } }],
    [
      "is in the group, the leader being there as a zombie",
      { 50: { ...leader, state: "zombie", marks: [] }, 60: inGroup },
    ],
    ["is in the leader's session, in a group of its own", { 50: leader, 60: { pgid: 60, sid: 50 } }],
    ["is in the session that somebody proved has led", { 61: { sid: 61, marks: [cookie] }, 60: { sid: 61 } }],
    [
      "is in the leader's session with somebody who carries the cookie, the leader being gone",
      { 61: { ...inGroup, marks: [cookie] }, 60: inGroup },
    ],
  ])("should prove ours who %s", (_how, world) => {
    expect(look(spawned, world)).toMatchObject({ proved: expect.arrayContaining([60]) as number[], doubtful: [] });
  });

  it("should go on knowing who was proved once, whatever he has shed since", () => {
    expect(look(spawned, { 50: leader, 60: { ppid: 50 } }, { 60: {} })).toEqual({ proved: [60], doubtful: [] });
  });

  it("should not know another process that got a known pid", () => {
    expect(look(spawned, { 50: leader, 60: { ppid: 50 } }, { 60: { startTime: "101" } })).toEqual({
      proved: [],
      doubtful: [],
    });
  });

  it("should be in doubt about the rest of the group once the leader is gone and nobody proves it", () => {
    expect(look(spawned, { 60: inGroup })).toEqual({ proved: [], doubtful: [60] });
    expect(look(spawned, { 60: { ...inGroup, marks: "unreadable" } })).toEqual({ proved: [], doubtful: [60] });
  });

  it.each([
    ["the first moment", "100", { proved: [60], doubtful: [] }],
    ["the last moment", "150", { proved: [60], doubtful: [] }],
    ["the moment before", "99", { proved: [], doubtful: [60] }],
    ["the moment after", "151", { proved: [], doubtful: [60] }],
  ])(
    "should prove ours who was born in the session while its leader lived: at %s of that",
    (_when, startTime, found) => {
      const record = createTreeRecord(spawned);
      record.reign = { from: 100, until: 150 };
      expect(lookFor(record, { 60: { ...inGroup, startTime } })).toEqual(found);
    },
  );

  it("should prove ours who is in a session with somebody proved, whenever he was born", () => {
    const record = createTreeRecord(spawned);
    record.reign = { from: 100, until: 150 };
    const world = { 60: inGroup, 61: { ...inGroup, startTime: "151" } };
    expect(lookFor(record, world)).toEqual({ proved: [60, 61], doubtful: [] });
  });

  it("should not prove ours who was born in another session, which the leader did not have to itself", () => {
    const record = createTreeRecord(spawned);
    record.reign = { from: 100, until: 150 };
    lookFor(record, { 61: { sid: 61, pgid: 61, marks: [cookie] } });
    expect(lookFor(record, { 60: { sid: 61, pgid: 61 } })).toEqual({ proved: [], doubtful: [60] });
  });

  it("should prove ours who is in the tree's cgroup, whatever else is known of him", () => {
    const record = createTreeRecord(spawned);
    const census = takeCensus(new FakeTable({ 60: {}, 61: {} }), { bornSince: 0 });
    expect(pidsOf(findMembers(census, record, { held: new Set([60]) }).proved)).toEqual([60]);
  });

  it("should be in doubt about the leader's group where the system tells nothing of sessions", () => {
    expect(look(spawned, { 60: { pgid: 50, sid: 0 } })).toEqual({ proved: [], doubtful: [60] });
  });

  it("should leave a group alone whose number was given out again: its leader has our leader's pid and another start time", () => {
    const stranger = { pgid: 50, sid: 50, startTime: "900" };
    expect(look(spawned, { 50: stranger, 60: { ...inGroup, ppid: 50, startTime: "901" } })).toEqual({
      proved: [],
      doubtful: [],
    });
  });

  it("should leave a group alone that is in another session than our leader's was", () => {
    expect(look(spawned, { 60: { pgid: 50, sid: 40 } })).toEqual({ proved: [], doubtful: [] });
  });

  it("should be in doubt about an adopted leader's group when it is gone, unless another process has its pid", () => {
    const group = { pgid: 50, sid: 40 };
    const stranger = { pgid: 70, sid: 40 };
    expect(look(adopted, { 50: group }, { 60: group, 61: stranger })).toEqual({ proved: [], doubtful: [60] });
    expect(look(adopted, { 50: group }, { 50: { ...group, startTime: "900" }, 60: group })).toEqual({
      proved: [],
      doubtful: [],
    });
  });

  it("should be in doubt about a session that a member has led, when nobody proved is in it any more", () => {
    const helper = { sid: 60, pgid: 60, marks: [cookie] };
    expect(look(spawned, { 60: helper }, { 61: { sid: 60, pgid: 60 } })).toEqual({ proved: [], doubtful: [61] });
    expect(look(spawned, { 60: helper }, { 60: { sid: 60, startTime: "900" }, 61: { sid: 60 } })).toEqual({
      proved: [],
      doubtful: [],
    });
  });

  it("should never count this process, init or the kernel, though they carry the cookie", () => {
    const ours = { sid: 50, pgid: 50, ppid: 50, marks: [cookie] };
    const world = {
      1: ours,
      50: leader,
      [process.pid]: ours,
      60: { ...ours, state: "kernel" as const },
      61: { ppid: process.pid },
    };
    expect(look(spawned, world)).toEqual({ proved: [50], doubtful: [] });
  });

  it("should count zombies as members, and doubt no zombie", () => {
    expect(look(spawned, { 50: leader, 60: { ...inGroup, state: "zombie" } })).toMatchObject({ proved: [50, 60] });
    expect(look(spawned, { 60: { ...inGroup, state: "zombie" } })).toEqual({ proved: [], doubtful: [] });
  });

  it("should take the group of an adopted process only if it leads it", () => {
    const inItsGroup = { pgid: 50, sid: 40 };
    expect(look(adopted, { 50: inItsGroup, 60: inItsGroup, 61: { sid: 40 } })).toMatchObject({ proved: [50, 60] });
    const inAnother = { pgid: 40, sid: 40 };
    expect(look(adopted, { 50: inAnother, 60: inAnother, 61: inItsGroup })).toMatchObject({ proved: [50] });
  });

  it("should never take our own group or session for an adopted process's", () => {
    const own = { pgid: 50, sid: 50 };
    const world = { 50: own, [process.pid]: own, 60: own };
    expect(look(adopted, world)).toEqual({ proved: [50], doubtful: [] });
  });
});
