import { spawnSync } from "node:child_process";
import {
  cookiePrefix,
  type ProcessEntry,
  type ProcessTable,
  ProcessTableError,
  shortenCommand,
} from "./process-table.js";

/** Runs `ps` with these arguments; gives what it wrote and its own pid. */
export type RunPs = (args: readonly string[]) => { readonly pid: number; readonly output: string };

const columns = "pid=,ppid=,pgid=,sess=,stat=,lstart=,command=";

/**
 * The process table of macOS and the BSDs, as `ps` tells it; not verified on these platforms, only on recorded outputs. Coarser
 * than Linux: start times count seconds, macOS names no sessions, and hides the environment of programs that it protects.
 */
export function createPsProcessTable({ run = runPs }: { run?: RunPs } = {}): ProcessTable {
  let entries = new Map<number, PsEntry>();
  let environments: ReadonlyMap<number, string> | undefined;
  return {
    pids: () => {
      const { pid: ps, output } = run(["-A", "-ww", "-o", columns]);
      // It lists itself, and is gone before anybody could ask about it.
      entries = new Map(parsePs(output).flatMap((entry) => (entry.pid === ps ? [] : [[entry.pid, entry]])));
      environments = undefined;
      return [...entries.keys()];
    },
    read: (pid) => entries.get(pid) ?? "gone",
    marks: ({ pid }) => {
      environments ??= parsePsEnvironments(run(["-A", "-E", "-ww", "-o", "pid=,command="]).output);
      const environment = environments.get(pid);
      return environment === undefined ? "gone" : cookiesIn(environment);
    },
    startTimeOf: (pid) => parsePs(run(["-ww", "-o", columns, "-p", String(pid)]).output)[0]?.startTime,
    ageOrder: (startTime) => Date.parse(startTime),
    // Start times count seconds here: too coarse to tell who was born before an exit.
    now: () => undefined,
    command: ({ pid, name }) => shortenCommand(entries.get(pid)?.command ?? name),
  };
}

export interface PsEntry extends ProcessEntry {
  readonly command: string;
}

/** Reads `ps -o pid=,ppid=,pgid=,sess=,stat=,lstart=,command=`; what is no such line is skipped. */
export function parsePs(output: string): PsEntry[] {
  return output.split("\n").flatMap((line) => {
    const [, pid, ppid, pgid, session = "", stat = "", startTime = "", command = ""] = psLine.exec(line) ?? [];
    if (pid === undefined) return [];
    return {
      pid: Number(pid),
      ppid: Number(ppid),
      pgid: Number(pgid),
      // A number on FreeBSD; on macOS the kernel's pointer, in hexadecimal, or 0.
      sid: /^\d+$/.test(session) ? Number(session) : 0,
      state: stat.startsWith("Z") ? ("zombie" as const) : ("running" as const),
      startTime: startTime.replace(/\s+/g, " "),
      name: command.split(" ", 1)[0] ?? "",
      command,
    };
  });
}

/** Reads `ps -E -o pid=,command=`: the environment stands behind the command line, separated by blanks only. */
export function parsePsEnvironments(output: string): ReadonlyMap<number, string> {
  const lines = output.split("\n").flatMap((line) => /^\s*(\d+)\s+(.*)$/.exec(line) ?? []);
  const environments = new Map<number, string>();
  for (let index = 0; index < lines.length; index += 3)
    environments.set(Number(lines[index + 1]), lines[index + 2] ?? "");
  return environments;
}

const weekday = String.raw`\w{3}\s+\w{3}\s+\d+\s+[\d:]+\s+\d{4}`;
const psLine = new RegExp(String.raw`^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(${weekday})\s*(.*)$`);

function cookiesIn(environment: string): string[] {
  return environment
    .split(" ")
    .filter((word) => word.startsWith(cookiePrefix) && word.includes("="))
    .map((word) => word.slice(0, word.indexOf("=")));
}

function runPs(args: readonly string[]): ReturnType<RunPs> {
  // Without a fixed locale the names of days and months are anybody's.
  const env = { ...process.env, LC_ALL: "C" };
  const { pid, stdout, status, error } = spawnSync("ps", args, { encoding: "utf8", env, maxBuffer: 1 << 26 });
  // With -p, status 1 says that there is no such process.
  if (error !== undefined || (status !== 0 && !args.includes("-p")))
    throw new ProcessTableError(error ?? `ps exited with ${status}`);
  return { pid, output: stdout };
}
