import type { ChildProcess } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { Readable } from "node:stream";
import spawn from "cross-spawn";
import { messageOf, SpawnError } from "../errors/index.js";
import type { ExitStatus, ProcessIdentity, TreeSpec } from "../ports/process-host.js";
import type { Launch } from "./containment/containment.js";
import { execFailure } from "./containment/join-script.js";
import type { PidOrder, ProcessTable } from "./process-table.js";

/** A child process with its three pipes. */
export type PipedChild = ChildProcess & { [K in "stdin" | "stdout" | "stderr"]: NonNullable<ChildProcess[K]> };

export interface SpawnedLeader {
  readonly child: PipedChild;
  readonly identity: ProcessIdentity;
  /** Of the moment before it was started. */
  readonly before: PidOrder | undefined;
  /** Resolves on node's `exit`: its `close` waits for whoever else holds the pipes (LP-26). */
  readonly exited: Promise<ExitStatus>;
}

export interface SpawnLeaderOptions {
  readonly spec: TreeSpec;
  readonly launch: Launch;
  readonly table: ProcessTable;
  readonly platform: NodeJS.Platform;
  /** Called in the turn in which the process was made, before it can have been reaped, and before it is known to execute the program. */
  readonly onBorn: (leader: SpawnedLeader) => void;
}

/**
 * Starts the first process of a tree, on POSIX as leader of a process group and a session of its own. Resolves when it executes its
 * program. Rejects with `SpawnError`, when nothing of it is left.
 */
export async function spawnLeader(options: SpawnLeaderOptions): Promise<SpawnedLeader> {
  const { spec, launch, table, platform, onBorn } = options;
  if (spec.cwd !== undefined) requireDirectory(spec.cwd);
  const before = table.pidOrder?.();
  const child = start(spec, launch, platform);
  if (!hasPipes(child) || child.pid === undefined) throw await failureOf(child, spec);
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  // A pipe breaks when its reader goes first; whoever writes is told by the write's callback, nobody by a crash.
  for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.on("error", () => {});
  const identity = identify(child.pid, table);
  if (identity instanceof SpawnError) {
    child.kill("SIGKILL");
    await exited;
    throw identity;
  }
  const leader = { child, identity, before, exited };
  onBorn(leader);
  const told = launch.tells ? await toldBy(child) : "";
  if (told === "") return leader;
  // It cannot go on, and it says so before it is gone.
  await exited;
  throw notExecuted(told, spec);
}

function start({ cwd, cookie, command: wanted }: TreeSpec, launch: Launch, platform: NodeJS.Platform): ChildProcess {
  const { command, args, env, tells } = launch;
  try {
    const child = spawn(command, [...args], {
      cwd,
      env: { ...env, [cookie]: "1" },
      stdio: tells ? ["pipe", "pipe", "pipe", "pipe"] : ["pipe", "pipe", "pipe"],
      // On Windows it would open a console window.
      detached: platform !== "win32",
      windowsHide: true,
    });
    child.on("error", () => {});
    return child;
  } catch (error) {
    throw commandFailure(wanted, error);
  }
}

/** What descriptor 3 tells. */
async function toldBy(child: PipedChild): Promise<string> {
  // At a child's exit node throws away what nobody has begun to read; the last words of a server that exits at once are wanted.
  const held = () => undefined;
  for (const output of [child.stdout, child.stderr]) output.on("readable", held);
  const [, , , telling] = child.stdio;
  const told = telling instanceof Readable ? await textOf(telling) : "";
  for (const output of [child.stdout, child.stderr]) output.off("readable", held);
  return told;
}

/** Everything that is written to a pipe until nobody holds its other end. */
function textOf(pipe: Readable): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    pipe.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    pipe.on("error", () => undefined);
    pipe.once("close", () => resolve(text));
    pipe.once("end", () => pipe.destroy());
  });
}

function notExecuted(told: string, { command }: TreeSpec): SpawnError {
  const code = execFailure(told);
  if (code !== undefined)
    return commandFailure(command, Object.assign(new Error(`spawn ${command} ${code}`), { code }));
  if (told.startsWith("exec ")) return commandFailure(command, new Error(told.trim()));
  return new SpawnError("containment", `the server's cgroup cannot be joined: ${told.trim()}`);
}

function hasPipes(child: ChildProcess): child is PipedChild {
  return child.stdin !== null && child.stdout !== null && child.stderr !== null;
}

function identify(pid: number, table: ProcessTable): ProcessIdentity | SpawnError {
  try {
    const startTime = table.startTimeOf(pid);
    if (startTime !== undefined) return { pid, startTime };
    return new SpawnError("command", `process ${pid} was started but cannot be found in the process table`);
  } catch (error) {
    return new SpawnError("command", `process ${pid} was started but cannot be identified: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

/** Node says ENOENT for a missing working directory as for a missing program; only looking first tells them apart. */
function requireDirectory(cwd: string): void {
  try {
    if (!statSync(cwd).isDirectory()) throw new SpawnError("cwd", `${cwd} is not a directory`);
    accessSync(cwd, constants.X_OK);
  } catch (error) {
    if (error instanceof SpawnError) throw error;
    throw new SpawnError("cwd", `${cwd} cannot be used: ${messageOf(error)}`, { cause: error });
  }
}

function failureOf(child: ChildProcess, { command }: TreeSpec): Promise<SpawnError> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(commandFailure(command, error)));
  });
}

function commandFailure(command: string, error: unknown): SpawnError {
  const why: Record<string, string> = {
    ENOENT: "does not exist, or the interpreter it names does not",
    EACCES: "is not executable",
  };
  const code = (error as NodeJS.ErrnoException).code ?? "";
  return new SpawnError("command", `"${command}" ${why[code] ?? `cannot be started: ${messageOf(error)}`}`, {
    cause: error,
  });
}
