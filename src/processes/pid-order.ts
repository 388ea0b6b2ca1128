import type { PidOrder, ProcessTable } from "./process-table.js";
import type { TreeRecord } from "./tree-record.js";

/** A task keeps its own number from being given out, and those of its group and its session, whose leaders may be gone. */
const numbersOfATask = 3;
/** Numbers are used up by starts that fail, too; these are counted nowhere. */
const numbersOfAStart = 2;

/**
 * The lowest pid that a member of these trees can have: that of the first leader, if the system has given numbers in ascending order ever since
 * each was started. 0 where that cannot be told, as of a tree that somebody else started.
 */
export function lowestPid(records: readonly TreeRecord[], table: ProcessTable): number {
  const now = table.pidOrder?.();
  const leaders = records.map(({ ref, before }) => (isAscending(ref.leader.pid, before, now) ? ref.leader.pid : 0));
  return leaders.length === 0 ? 0 : Math.min(...leaders);
}

/** Whether everybody who was started after `pid`, itself the first one after `before`, has a higher number. */
export function isAscending(pid: number, before: PidOrder | undefined, now: PidOrder | undefined): boolean {
  if (before === undefined || now === undefined) return false;
  const starts = now.starts - before.starts;
  // None, although there was one: whoever counts here does not count.
  if (!(starts > 0)) return false;
  return pid + numbersOfAStart * starts + numbersOfATask * before.tasks < now.pidMax;
}
