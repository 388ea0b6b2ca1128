import type { ProcessEntry, ProcessTable } from "../../processes/index.js";
import { readShortProcFile, readProcFile } from "../../processes/proc-file.js";
import type { ProcessView } from "./views.js";

const bytesPerKib = 1_024;
/** Of `ageOrder` on Linux: a tick is a hundredth of a second. */
const msPerTick = 10;

/** A process with its age and its memory, where the system tells. */
export function processView(entry: ProcessEntry, table: ProcessTable): ProcessView {
  const { pid, ppid } = entry;
  return { pid, ppid, command: table.command(entry), ageMs: ageOf(entry, table), memoryBytes: memoryOf(pid) };
}

export function sumOf(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
}

export function longest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function ageOf({ startTime }: ProcessEntry, table: ProcessTable): number | undefined {
  const now = table.now();
  return now === undefined ? undefined : Math.max(0, now - table.ageOrder(startTime)) * msPerTick;
}

/** What it shares counts by its share (PSS); where that is kept from us, all it has in memory. */
function memoryOf(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  const rollup = readProcFile(`/proc/${pid}/smaps_rollup`);
  const pss = "text" in rollup ? /^Pss:\s+(\d+) kB$/m.exec(rollup.text)?.[1] : undefined;
  if (pss !== undefined) return Number(pss) * bytesPerKib;
  const status = readShortProcFile(`/proc/${pid}/status`);
  const rss = "text" in status ? /^VmRSS:\s+(\d+) kB$/m.exec(status.text)?.[1] : undefined;
  return rss === undefined ? undefined : Number(rss) * bytesPerKib;
}
