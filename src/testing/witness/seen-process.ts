import { closeSync, openSync, readdirSync, readSync } from "node:fs";

/** A process as the witness sees it. Read here a second time and on purpose: a test does not ask the code that it tests. */
export interface SeenProcess {
  readonly pid: number;
  readonly ppid: number;
  readonly startTime: string;
  readonly command: string;
}

/** A sentence's worth of a process. */
export function describe({ pid, ppid, command }: SeenProcess): string {
  return `pid ${pid}, child of ${ppid}: ${command}`;
}

/** One process, unless it is gone or a zombie. Linux only. */
export function seeProcess(pid: number): SeenProcess | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  if (stat === "") return undefined;
  const [state = "", ppid = "", ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (state === "Z" || state === "X") return undefined;
  const command = readOrNothing(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
  return {
    pid,
    ppid: Number(ppid),
    startTime: rest[17] ?? "",
    command: command || stat.slice(stat.indexOf("("), stat.lastIndexOf(")") + 1),
  };
}

/** Every process there is. Linux only. */
export function seeAllProcesses(): SeenProcess[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => seeProcess(Number(pid)) ?? []);
}

/** Names and values of a process's environment as they were when its program was started. Empty where it cannot be read. */
export function seeEnvironment(pid: number): string[] {
  return readOrNothing(`/proc/${pid}/environ`).split("\0");
}

/** One for all: these files say that they are empty, and `readFileSync` takes a new one for each, which is most of what it costs. */
let buffer = Buffer.allocUnsafe(64 * 1024);

function readOrNothing(path: string): string {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    return readToEnd(file);
  } catch {
    return "";
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readToEnd(file: number): string {
  for (let length = 0; ;) {
    if (length === buffer.length) buffer = Buffer.concat([buffer], 2 * length);
    const read = readSync(file, buffer, length, buffer.length - length, null);
    if (read === 0) return buffer.toString("latin1", 0, length);
    length += read;
  }
}
