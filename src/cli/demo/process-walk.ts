import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { markName } from "./ownership-mark.js";

/** A process as the system's own table shows it; zombies, which run nothing, are left out. */
export interface WalkedProcess {
  readonly pid: number;
  readonly ppid: number;
  /** Tells it from a later process with the same pid; its form depends on the system. */
  readonly startTime: string;
  readonly command: string;
  /** Value of the demo's variable in its environment. */
  readonly mark: string | undefined;
}

/** Every process that can be seen, from /proc or else from `ps`; `undefined` where there is neither. */
export async function walkProcesses(platform = process.platform): Promise<readonly WalkedProcess[] | undefined> {
  if (platform === "win32") return undefined;
  return platform === "linux" ? walkProc() : await walkPs();
}

function walkProc(): readonly WalkedProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProc(Number(name)) ?? []);
}

function readProc(pid: number): WalkedProcess | undefined {
  const stat = readText(`/proc/${pid}/stat`);
  // The name in parentheses may hold spaces and parentheses itself; nothing after it does.
  const [state, ppid, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (ppid === undefined || state === "Z" || state === "X") return undefined;
  const variable = readText(`/proc/${pid}/environ`)
    .split("\0")
    .find((entry) => entry.startsWith(`${markName}=`));
  return {
    pid,
    ppid: Number(ppid),
    startTime: rest[17] ?? "",
    command: readText(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim(),
    mark: variable?.slice(markName.length + 1),
  };
}

/** Empty for a process that is gone meanwhile or whose owner is somebody else. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The `e` makes ps print the environment behind the command; BSD's and macOS's ps show that of one's own processes. */
async function walkPs(): Promise<readonly WalkedProcess[]> {
  const arguments_ = ["axeww", "-o", "pid=,ppid=,stat=,lstart=,command="];
  const { stdout } = await promisify(execFile)("ps", arguments_, {
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, LC_ALL: "C" },
  });
  return stdout.split("\n").flatMap((line) => parsePsLine(line) ?? []);
}

/** One line of `ps -o pid=,ppid=,stat=,lstart=,command=`; `lstart` is five words. */
export function parsePsLine(line: string): WalkedProcess | undefined {
  const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+((?:\S+\s+){4}\S+)\s+(.*)$/.exec(line);
  const [, pid, ppid, state, startTime, command] = match ?? [];
  if (pid === undefined || startTime === undefined || command === undefined || state?.startsWith("Z")) return undefined;
  const mark = new RegExp(`(?:^| )${markName}=(\\S*)`).exec(command)?.[1];
  return { pid: Number(pid), ppid: Number(ppid), startTime, command: command.slice(0, 200), mark };
}
