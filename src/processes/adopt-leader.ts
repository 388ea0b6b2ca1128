import { SpawnError } from "../errors/index.js";
import type { ProcessIdentity } from "../ports/process-host.js";
import type { ProcessTable } from "./process-table.js";

/** Identifies a process that somebody else started. @throws SpawnError if it is gone, ourselves, or an ancestor of ours. */
export function adoptLeader(pid: number, table: ProcessTable): ProcessIdentity {
  table.pids();
  if (lineOf(process.pid, table).includes(pid)) {
    throw new SpawnError(
      "pid",
      `${pid} is this process or one that it descends from; ending its tree would end this process`,
    );
  }
  const entry = table.read(pid);
  if (typeof entry === "string" || entry.state !== "running")
    throw new SpawnError("pid", `there is no process ${pid} to adopt`);
  return { pid, startTime: entry.startTime };
}

/** A process and its ancestors. */
function lineOf(pid: number, table: ProcessTable): number[] {
  const line: number[] = [];
  for (let next = pid; next > 0 && !line.includes(next);) {
    line.push(next);
    const entry = table.read(next);
    next = typeof entry === "string" ? 0 : entry.ppid;
  }
  return [...line, 1];
}
