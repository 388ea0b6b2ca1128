import { describe, expect, it } from "vitest";
import { reignOf, treeKey } from "../../src/processes/tree-record.js";
import { FakeTable } from "./fake-table.js";
import { fakeTree, treeCookie as cookie } from "./fake-tree.js";

const leader = { pid: 50, startTime: "100" };

describe("what is remembered of a tree", () => {
  it("should begin, for one that was spawned, with a leader of its own group and session", () => {
    const { known, sessions, leadsGroup, countedAt, reign } = fakeTree();
    expect([...known]).toEqual([[50, "100"]]);
    expect([...sessions]).toEqual([50]);
    expect({ leadsGroup, countedAt, reign }).toEqual({ leadsGroup: true, countedAt: -Infinity, reign: undefined });
  });

  it("should begin, for one that was adopted, with neither group nor session", () => {
    const { known, sessions, leadsGroup } = fakeTree({});
    expect([...known]).toEqual([[50, "100"]]);
    expect([...sessions]).toEqual([]);
    expect(leadsGroup).toBe(false);
  });

  it("should say that the leader had its pid from its start until it was collected", () => {
    expect(reignOf(fakeTree(), new FakeTable())).toEqual({ from: 100, until: 200 });
  });

  it("should say nothing of that where the system does not tell the time", () => {
    const table = Object.assign(new FakeTable(), { now: () => undefined });
    expect(reignOf(fakeTree(), table)).toBeUndefined();
  });

  it.each([
    ["its cookie, where it has one", { leader, cookie }, cookie],
    ["its cookie alone, before there is a leader", { cookie }, cookie],
    ["its leader's pid and start time, where it was adopted", { leader }, "50:100"],
  ])("should be found by %s", (_what, tree, key) => {
    expect(treeKey(tree)).toBe(key);
  });
});
