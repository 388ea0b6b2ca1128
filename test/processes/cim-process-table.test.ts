import { describe, expect, it } from "vitest";
import { createCimProcessTable } from "../../src/processes/index.js";

const idle = { ProcessId: 0, ParentProcessId: 0, Name: "System Idle Process", CommandLine: null, Started: null };
const node = {
  ProcessId: 4820,
  ParentProcessId: 3312,
  Name: "node.exe",
  CommandLine: '"C:\\Program Files\\nodejs\\node.exe" server.js',
  Started: "2026-11-23T09:15:01.1234567Z",
};
const child = { ...node, ProcessId: 5000, ParentProcessId: 4820, Started: "2026-11-23T09:15:02.0000000Z" };
/** Its parent died, and Windows gave that pid to a younger process. */
const orphan = { ...node, ProcessId: 5100, ParentProcessId: 5000, Started: "2026-11-23T08:00:00.0000000Z" };

describe("the process table that PowerShell tells", () => {
  const table = createCimProcessTable({ run: () => JSON.stringify([idle, node, child, orphan]) });

  it("should read descent, start time and command line, and neither group nor session", () => {
    expect(table.pids()).toEqual([0, 4820, 5000, 5100]);
    expect(table.read(5000)).toMatchObject({ ppid: 4820, pgid: 0, sid: 0, state: "running", startTime: child.Started });
    expect(table.startTimeOf(4820)).toBe(node.Started);
    expect(table.startTimeOf(1)).toBeUndefined();
  });

  it("should not believe in a parent that is younger than its child", () => {
    table.pids();
    expect(table.read(5100)).toMatchObject({ ppid: 0 });
  });

  it("should read the output for a single process, which is no list", () => {
    expect(createCimProcessTable({ run: () => JSON.stringify(node) }).pids()).toEqual([4820]);
  });
});
