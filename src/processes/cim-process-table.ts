import { execFileSync } from "node:child_process";
import { type ProcessEntry, type ProcessTable, ProcessTableError, shortenCommand } from "./process-table.js";

/** Gives what `cimCommand` writes. */
export type RunCim = () => string;

/** PowerShell that lists all processes as JSON. Works in Windows PowerShell 5.1 and in PowerShell 7. */
export const cimCommand =
  "Get-CimInstance Win32_Process | Select-Object ProcessId,ParentProcessId,Name,CommandLine," +
  "@{n='Started';e={if ($_.CreationDate) {$_.CreationDate.ToUniversalTime().ToString('o')}}} | ConvertTo-Json -Compress";

/**
 * The process table of Windows, asked of PowerShell; not verified on that platform, only on recorded output. There are no groups,
 * no sessions, no zombies and no environments of others, so that a tree is held by descent and memory alone: what was never seen
 * while its parent lived is not found.
 */
export function createCimProcessTable({ run = runCim }: { run?: RunCim } = {}): ProcessTable {
  let entries = new Map<number, CimEntry>();
  const list = () => {
    entries = new Map(parseCim(run()).map((entry) => [entry.pid, entry]));
    return [...entries.keys()];
  };
  return {
    pids: list,
    read: (pid) => entries.get(pid) ?? "gone",
    marks: () => [],
    startTimeOf: (pid) => {
      list();
      return entries.get(pid)?.startTime;
    },
    ageOrder: (startTime) => Date.parse(startTime),
    // Asked for members of a session, of which there are none here.
    now: () => undefined,
    command: ({ pid, name }) => shortenCommand(entries.get(pid)?.command ?? name),
  };
}

export interface CimEntry extends ProcessEntry {
  readonly command: string;
}

/** Reads what `cimCommand` writes. A parent that is younger than its child is not its parent: Windows leaves dead parents' pids. */
export function parseCim(output: string): CimEntry[] {
  const rows = [JSON.parse(output) as CimRow | CimRow[]].flat();
  const started = new Map(rows.map(({ ProcessId, Started }) => [ProcessId, Started ?? ""]));
  return rows.map(({ ProcessId, ParentProcessId, Name, CommandLine, Started }) => {
    const startTime = Started ?? "";
    const isParent = (started.get(ParentProcessId) ?? "") <= startTime;
    return {
      pid: ProcessId,
      ppid: isParent ? ParentProcessId : 0,
      pgid: 0,
      sid: 0,
      startTime,
      state: startTime === "" ? "kernel" : "running",
      name: Name,
      command: CommandLine ?? Name,
    };
  });
}

interface CimRow {
  readonly ProcessId: number;
  readonly ParentProcessId: number;
  readonly Name: string;
  readonly CommandLine: string | null;
  readonly Started: string | null;
}

function runCim(): string {
  try {
    const args = ["-NoProfile", "-NonInteractive", "-Command", cimCommand];
    return execFileSync("powershell.exe", args, {
      encoding: "utf8",
      windowsHide: true,
      maxBuffer: 1 << 26,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch (error) {
    throw new ProcessTableError(error);
  }
}
