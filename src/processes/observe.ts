import type { ObservedProcess } from "../ports/process-host.js";
import type { ProcessEntry, ProcessTable } from "./process-table.js";

/** A process as it is reported. */
export function observe(entry: ProcessEntry, table: ProcessTable): ObservedProcess {
  const { pid, startTime, ppid, pgid } = entry;
  return { pid, startTime, ppid, pgid, command: table.command(entry) };
}
