import type { TreeLook } from "../ports/process-host.js";
import { observe } from "./observe.js";
import type { ProcessTable } from "./process-table.js";
import type { TreeRecord } from "./tree-record.js";

/**
 * What a cgroup alone tells: while somebody is in it, the tree is not gone. Undefined where only a census can tell. Whom it finds is
 * remembered, should he leave it.
 */
export function lookInside(record: TreeRecord, table: ProcessTable): TreeLook | undefined {
  if (record.cgroup?.isPopulated() !== true) return undefined;
  const inside = record.cgroup.pids().flatMap((pid) => {
    const entry = table.read(pid);
    return typeof entry === "string" || entry.state === "zombie" ? [] : [entry];
  });
  if (inside.length === 0) return undefined;
  record.known = new Map([...record.known, ...inside.map(({ pid, startTime }) => [pid, startTime] as const)]);
  return { survivors: inside.map((entry) => observe(entry, table)), unreaped: [], doubtful: [] };
}
