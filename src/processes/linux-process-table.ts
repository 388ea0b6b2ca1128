import { readdirSync } from "node:fs";
import { uptime } from "node:os";
import { type ProcText, readProcFile, readShortProcFile } from "./proc-file.js";
import { parseProcStat, type ProcStat } from "./proc-stat.js";
import {
  cookiePrefix,
  type Marks,
  type PidOrder,
  type ProcessEntry,
  type ProcessTable,
  ProcessTableError,
  shortenCommand,
} from "./process-table.js";

/** In which `/proc` counts start times, whatever the kernel's own timer does (USER_HZ). */
const ticksPerSecond = 100;

/** The process table of Linux, read from `/proc` (or from what is given as `root`). */
export function createLinuxProcessTable({ root = "/proc" }: { root?: string } = {}): ProcessTable {
  return {
    pids: () => numbersIn(root),
    read: (pid) => readStat(root, pid),
    marks: (entry) => (entry.state === "zombie" || entry.state === "kernel" ? [] : readMarks(root, entry)),
    startTimeOf: (pid) => {
      const stat = readStat(root, pid);
      return typeof stat === "string" ? undefined : stat.startTime;
    },
    ageOrder: Number,
    now: () => Math.floor(uptime() * ticksPerSecond) || undefined,
    pidOrder: () => readPidOrder(root),
    command: (entry) => readCommand(root, entry),
  };
}

function numbersIn(directory: string): number[] {
  try {
    return readdirSync(directory)
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch (error) {
    throw new ProcessTableError(error);
  }
}

function readStat(root: string, pid: number): ProcStat | "gone" | "unreadable" {
  const line = readShortProcFile(`${root}/${pid}/stat`);
  return "text" in line ? parseProcStat(line.text) : line.missing;
}

function readMarks(root: string, { pid, startTime, state }: ProcessEntry): Marks {
  const environment = readEnvironment(root, pid);
  if ("missing" in environment) return "unreadable";
  if (environment.text !== "") return namesOfCookies(environment.text);
  // Empty in truth (`env -i`), or only for the moment: while an exec replaces its memory a process has none, and while it exits
  // it has none any more. Taking that for "carries no cookie" would miss one of ours. That there is an environment by now says
  // nothing about the moment before; only that it is an empty one does.
  const stat = readStat(root, pid);
  if (typeof stat === "string" || stat.startTime !== startTime) return "gone";
  if (stat.hasEmptyEnvironment) return [];
  if (stat.state === "running") return "unsettled";
  return state === "running" ? "gone" : [];
}

/** Empty where there is none at the moment. */
function readEnvironment(root: string, pid: number): ProcText {
  const own = readProcFile(`${root}/${pid}/environ`);
  if ("text" in own || own.missing === "unreadable") return own;
  // Where only the first thread has ended, the others still have the memory.
  for (const thread of threadsOf(root, pid)) {
    const shared = readProcFile(`${root}/${pid}/task/${thread}/environ`);
    if ("text" in shared) return shared;
  }
  return { text: "" };
}

function threadsOf(root: string, pid: number): number[] {
  try {
    return numbersIn(`${root}/${pid}/task`).filter((thread) => thread !== pid);
  } catch {
    return [];
  }
}

function namesOfCookies(environment: string): readonly string[] {
  // Nearly no process has one; this is what a look spends its time on.
  if (!environment.includes(cookiePrefix)) return [];
  const names = environment.split("\0").map((variable) => variable.slice(0, Math.max(0, variable.indexOf("="))));
  return names.filter((name) => name.startsWith(cookiePrefix));
}

/** All three or none: proc_stat(5), proc_loadavg(5), proc_sys_kernel(5). */
function readPidOrder(root: string): PidOrder | undefined {
  const starts = numberAfter("\nprocesses ", `${root}/stat`);
  const tasks = numberAfter("/", `${root}/loadavg`);
  const pidMax = numberAfter("", `${root}/sys/kernel/pid_max`);
  return [starts, tasks, pidMax].some(Number.isNaN) ? undefined : { starts, tasks, pidMax };
}

/** Not a number where the file or the mark is not there. */
function numberAfter(mark: string, path: string): number {
  const file = readShortProcFile(path);
  const at = "text" in file ? file.text.indexOf(mark) : -1;
  return "text" in file && at >= 0 ? Number.parseInt(file.text.slice(at + mark.length), 10) : Number.NaN;
}

function readCommand(root: string, { pid, name }: ProcessEntry): string {
  const line = readProcFile(`${root}/${pid}/cmdline`);
  const command = "text" in line ? shortenCommand(line.text.replaceAll("\0", " ")) : "";
  return command === "" ? `[${name}]` : command;
}
