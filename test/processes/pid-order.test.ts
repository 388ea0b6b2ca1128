import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/ports/index.js";
import { createCensusQueue } from "../../src/processes/census-queue.js";
import { isAscending, lowestPid } from "../../src/processes/pid-order.js";
import type { PidOrder, TreeRef } from "../../src/processes/index.js";
import { createTreeRecord, type TreeRecord } from "../../src/processes/tree-record.js";
import { type FakeProcess, FakeTable } from "./fake-table.js";

const cookie = "MCP_LIFECYCLE_test";
const before: PidOrder = { starts: 1_000, tasks: 100, pidMax: 32_768 };
const later = (starts: number): PidOrder => ({ ...before, starts: before.starts + starts });

/** The tree of the leader 500, or another, among all the processes there are; `now` is what counts say when it is looked for. */
function treeAmong(processes: Record<number, FakeProcess>, { leader = 500, now }: { leader?: number; now?: PidOrder }) {
  const table = new FakeTable(processes);
  table.pidOrder = () => now;
  const read: number[] = [];
  const readOne = table.read.bind(table);
  table.read = (pid) => (read.push(pid), readOne(pid));
  const ask = createCensusQueue({ table, clock: systemClock });
  const ref: TreeRef = { containment: "group", leader: { pid: leader, startTime: "100" }, cookie };
  const record: TreeRecord = { ...createTreeRecord(ref), before };
  const find = (more: Partial<TreeRecord> = {}) =>
    ask({ ...record, ...more }, ({ proved }) => proved.map(({ pid }) => pid).toSorted((a, b) => a - b));
  return { find, read };
}

const older = { startTime: "1" };
const member = { marks: [cookie] };

describe("a look at a tree", () => {
  it("should read nobody with a lower number than the leader while numbers ascend", async () => {
    const { find, read } = treeAmong({ 10: older, 500: member, 501: member }, { now: later(50) });
    expect(await find()).toEqual([500, 501]);
    expect(read).toEqual([500, 501]);
  });

  it("should find who was given a low number when numbers began anew", async () => {
    const { find } = treeAmong({ 10: older, 310: member, 32_700: member }, { leader: 32_700, now: later(100) });
    expect(await find()).toEqual([310, 32_700]);
  });

  it("should read everybody where nobody tells how numbers are given", async () => {
    const { find, read } = treeAmong({ 10: older, 310: member, 500: member }, {});
    expect(await find()).toEqual([310, 500]);
    expect(read).toContain(10);
  });

  it("should read everybody for a tree that somebody else started", async () => {
    const { find } = treeAmong({ 10: older, 310: member, 500: member }, { now: later(50) });
    expect(await find({ before: undefined })).toEqual([310, 500]);
  });

  it("should read everybody while its cgroup says that somebody is in it whom nobody has seen", async () => {
    const { find } = treeAmong({ 10: older }, { now: later(50) });
    const cgroup = { path: "", isPopulated: () => true, pids: () => [10], kill: () => [], remove: () => false };
    expect(await find({ cgroup })).toEqual([10]);
  });
});

describe("numbers of processes", () => {
  it.each([
    { what: "few were started since", pid: 500, now: later(50), is: true },
    { what: "so many were started since that they may have begun anew", pid: 500, now: later(16_000), is: false },
    { what: "the end of numbers was near", pid: 32_400, now: later(50), is: false },
    { what: "nobody is said to have been started, although somebody was", pid: 500, now: later(0), is: false },
    { what: "there is no count", pid: 500, now: undefined, is: false },
  ])("should be said to ascend: $is, where $what", ({ pid, now, is }) => {
    expect(isAscending(pid, before, now)).toBe(is);
  });
});

const isRoot = process.getuid?.() === 0;

describe.runIf(process.platform === "linux" && isRoot)(
  "a tree during whose start the kernel's numbers begin anew",
  () => {
    it("should be found with all helpers, those with low numbers among them", async () => {
      const host = fileURLToPath(new URL("./hosts/numbers-begin-anew.js", import.meta.url));
      const asFirst = ["--pid", "--fork", "--kill-child", "--mount-proc", process.execPath, host];
      const { stdout } = await promisify(execFile)("unshare", asFirst, { timeout: 30_000, killSignal: "SIGKILL" });
      const { isComplete, lower } = JSON.parse(stdout) as { isComplete: boolean; lower: number };
      expect(isComplete).toBe(true);
      expect(lower).toBeGreaterThan(0);
    });
  },
);

describe("the lowest number that a member can have", () => {
  const pidOrder = () => later(50);
  const record = {
    ...createTreeRecord({ containment: "group", leader: { pid: 500, startTime: "100" }, cookie }),
    before,
  };

  it("should be told by the system's counts, and be any where it tells none or nobody is asked for", () => {
    expect(lowestPid([record], Object.assign(new FakeTable(), { pidOrder }))).toBe(500);
    expect(lowestPid([], Object.assign(new FakeTable(), { pidOrder }))).toBe(0);
    expect(lowestPid([record], Object.assign(new FakeTable(), { pidOrder: undefined }))).toBe(0);
  });

  it("should be any once the last number may have been given out", () => {
    // Two numbers for each of 50 starts, and three for each of 100 tasks.
    expect(isAscending(before.pidMax - 401, before, later(50))).toBe(true);
    expect(isAscending(before.pidMax - 400, before, later(50))).toBe(false);
  });
});
