import type { ProcessEntry } from "./process-table.js";

/** One line of `/proc/<pid>/stat`. */
export interface ProcStat extends ProcessEntry {
  /** True only of an environment that is there and has nothing in it; during an exec, and when exiting, there is none. */
  readonly hasEmptyEnvironment: boolean;
}

/** Reads a line of `/proc/<pid>/stat`, proc(5). The name may hold spaces and parentheses, so that only the last `)` ends it. */
export function parseProcStat(line: string): ProcStat {
  const nameEnd = line.lastIndexOf(")");
  const fields = line.slice(nameEnd + 2).split(" ");
  const field = (number: number) => fields[number - 3] ?? "";
  return {
    pid: Number.parseInt(line, 10),
    name: line.slice(line.indexOf("(") + 1, nameEnd),
    ppid: Number(field(4)),
    pgid: Number(field(5)),
    sid: Number(field(6)),
    startTime: field(22),
    state: stateOf(field(3), Number(field(9)), Number(field(20))),
    hasEmptyEnvironment: field(50) === field(51) && field(51) !== "0",
  };
}

// PF_KTHREAD and PF_EXITING of the kernel's sched.h.
const kernelThread = 0x0020_0000;
const exiting = 0x0000_0004;

function stateOf(letter: string, flags: number, threads: number): ProcessEntry["state"] {
  if (flags & kernelThread) return "kernel";
  // A program whose first thread has ended is shown as a zombie while its other threads run on: it is none.
  if (threads > 1) return "running";
  if (letter === "Z" || letter === "X") return "zombie";
  return flags & exiting ? "exiting" : "running";
}
