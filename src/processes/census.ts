import type { ProcessEntry, ProcessTable } from "./process-table.js";

/** A process and the cookies it carries. */
export interface CountedProcess extends ProcessEntry {
  readonly cookies: readonly string[];
  /** By the table's `ageOrder`. */
  readonly bornAt: number;
}

/** Every process that there was at one time, more or less. */
export interface Census {
  readonly processes: ReadonlyMap<number, CountedProcess>;
  /** False if processes came and went faster than they could be read; that nothing was found proves nothing then. */
  readonly settled: boolean;
}

export interface CensusOptions {
  /** Environments of processes older than this (by `ageOrder`) are not read: who is older than a tree is not in it. */
  readonly bornSince: number;
  /** Nor are processes with lower numbers read, but for this one: who is known to be older need not be asked. Default 0. */
  readonly lowestPid?: number | undefined;
}

/**
 * Counts all processes. Processes come and go while they are counted: one that was listed may have started another and have ended
 * before it is read, and then nobody has seen the other. So the listing is repeated, and who is new in it is read too, until one
 * leaves nobody unread or ended. A second listing is due in any case, because the kernel's is not made at one instant either: pids
 * wrap around, and a child may get one that the listing has already passed.
 */
export function takeCensus(table: ProcessTable, options: CensusOptions): Census {
  const first = countUntilSettled(table, options);
  return first.settled ? first : countUntilSettled(table, options);
}

const listingsAtMost = 8;

function countUntilSettled(table: ProcessTable, { bornSince, lowestPid = 0 }: CensusOptions): Census {
  const processes = new Map<number, CountedProcess>();
  const examined = new Set<number>();
  for (let listing = 1; listing <= listingsAtMost; listing += 1) {
    let isComplete = true;
    for (const pid of table.pids()) {
      if (examined.has(pid) || (pid < lowestPid && pid !== process.pid)) continue;
      const found = examine(table, pid, bornSince, processes);
      if (found !== "lost") examined.add(pid);
      if (found !== "read") isComplete = false;
    }
    if (isComplete && listing > 1) return { processes, settled: true };
  }
  return { processes, settled: false };
}

/** `lost`: not all is known that can be. `ended`: all is known but what it may have started since it was listed. */
function examine(
  table: ProcessTable,
  pid: number,
  bornSince: number,
  processes: Map<number, CountedProcess>,
): "read" | "ended" | "lost" {
  processes.delete(pid);
  const entry = table.read(pid);
  if (entry === "gone") return "lost";
  if (entry === "unreadable") return "read";
  const bornAt = table.ageOrder(entry.startTime);
  const marks = bornAt < bornSince ? [] : table.marks(entry);
  if (marks === "gone") return "lost";
  processes.set(pid, { ...entry, bornAt, cookies: typeof marks === "string" ? [] : marks });
  if (marks === "unsettled") return "lost";
  return entry.state === "zombie" || entry.state === "exiting" ? "ended" : "read";
}
