import { describe, expect, it } from "vitest";
import { eventText } from "../../src/cli/demo/event-text.js";
import { receiptText } from "../../src/cli/receipt-text.js";
import { renderTable } from "../../src/cli/demo/table.js";
import type { ConnectionReceipt, SessionReceipt } from "../../src/index.js";

const connection: ConnectionReceipt = {
  id: "c1",
  server: "files",
  kind: "stdio",
  pid: 12,
  outcome: "leaked",
  wasOpen: true,
  means: "SIGKILL",
  phases: [
    { name: "inputEnded", startedAt: 0, endedAt: 2_000, problem: "not empty" },
    { name: "killing", startedAt: 2_000, endedAt: 2_010 },
  ],
  survivors: [{ pid: 34, startTime: "1", ppid: 1, pgid: 12, command: "node stuck.js" }],
  unreaped: [],
  doubtful: [],
  abortedCalls: 0,
  netUsed: false,
};
const receipt: SessionReceipt = {
  id: "r1",
  key: "chat",
  session: "chat#1",
  reason: "ended",
  cause: "deleted",
  startedAt: 0,
  endedAt: 7_000,
  outcome: "leaked",
  connections: [connection],
  netUsed: false,
};

describe("receiptText", () => {
  it("should say the phases with their times, the last means and who survives", () => {
    expect(receiptText(receipt).split("\n")).toEqual([
      "chat is ended (deleted): leaked after 7.00 s",
      "  files: leaked; stdio, pid 12; last means SIGKILL; inputEnded 2.00 s (not empty) → killing 0.01 s",
      "    survives: pid 34 (parent 1) node stuck.js",
    ]);
  });
});

describe("eventText", () => {
  const done = {
    event: "done",
    tookMs: 1_500,
    sessions: { closed: 3, leaked: 1 },
    mostProcesses: 9,
    exitCode: 1,
  } as const;
  const left = { pid: 34, ppid: 1, command: "node stuck.js", session: "chat", server: "files" };

  it("should end with what is left", () => {
    expect(eventText({ ...done, left: [left] })).toBe(
      "3 sessions closed, 1 leaked, in 1.50 s; 9 processes at most; 1 of them LEFT:\n" +
        "  left of chat files: pid 34 (parent 1) node stuck.js",
    );
  });

  it("should not claim that nothing is left where it cannot look", () => {
    expect(eventText({ ...done, left: undefined })).toContain("cannot be read");
  });
});

describe("renderTable", () => {
  const row = { session: "chat", sessionState: "active.live.busy", server: "files", connection: "open", processes: 3 };

  it("should name a session once, and say ? where processes cannot be counted", () => {
    const lines = renderTable([row, { ...row, server: "web", processes: undefined }], { colors: false }).split("\n");
    expect(lines[3]).toMatch(/chat .* active\.live\.busy .* files .* open .* 3 /);
    expect(lines[4]).toMatch(/^│ +│ +│ web .* \? │$/);
  });
});
