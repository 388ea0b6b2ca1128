import { takeCensus } from "./census.js";
import { oldestLeader } from "./census-queue.js";
import { findMembers, type TreeMembers } from "./find-members.js";
import type { ProcessTable } from "./process-table.js";
import { type Kill, signalMembers, signalPinnedGroup } from "./signal-members.js";
import type { TreeRecord } from "./tree-record.js";

export interface SyncKillOptions {
  readonly table: ProcessTable;
  readonly kill: Kill;
  /** All trees: they share the first census, so that the exit of a gateway with many costs few. */
  readonly records: () => Iterable<TreeRecord>;
}

const roundsAtMost = 10;

/**
 * SIGKILL to a tree without waiting. Everybody is stopped first, until a census shows nobody new: who is stopped starts nobody, and
 * whoever is in the middle of an exec (its environment reads as empty then) still has the parent that proves it ours. Killing at
 * once would lose both. Never throws: it is the last thing that an exiting process does, and one tree must not keep it from the next.
 */
export function createSyncKill({ table, kill, records }: SyncKillOptions): (record: TreeRecord) => void {
  /** Stops whoever is proved and still runs; tells whether there was somebody new. */
  const freeze = (
    record: TreeRecord,
    frozen: Set<number>,
  ): { readonly members: TreeMembers; readonly found: boolean } => {
    const members = findMembers(takeCensus(table, { bornSince: oldestLeader(records(), table) }), record);
    const fresh = members.proved.filter(({ pid }) => !frozen.has(pid));
    for (const { pid } of fresh) frozen.add(pid);
    signalMembers({ table, kill, record, members: { ...members, proved: fresh }, signal: "SIGSTOP" });
    return { members, found: fresh.length > 0 };
  };

  return (record) => {
    try {
      // A group is stopped by the kernel at once, before the first census can miss whom it forks.
      signalPinnedGroup(kill, record, "SIGSTOP");
      const frozen = new Set<number>();
      let last = freeze(record, frozen);
      for (let round = 1; round < roundsAtMost && last.found; round += 1) last = freeze(record, frozen);
      // Whoever was forked past all of this is in the cgroup, if there is one.
      record.cgroup?.kill(kill);
      signalMembers({ table, kill, record, members: last.members, signal: "SIGKILL" });
    } catch {
      signalPinnedGroup(kill, record, "SIGKILL");
    }
    removeSoon(record);
  };
}

const waitsAtMost = 20;

/** Who was killed needs a moment to be gone; what is left of a cgroup after that is empty, and nobody's process. */
function removeSoon({ cgroup }: TreeRecord): void {
  try {
    for (let wait = 0; wait < waitsAtMost && cgroup?.remove() === false; wait += 1) Atomics.wait(never, 0, 0, 1);
  } catch {
    // The last thing that an exiting process does has nobody to tell.
  }
}

const never = new Int32Array(new SharedArrayBuffer(4));
