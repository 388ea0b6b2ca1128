import type { ChildProcess } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import spawn from "cross-spawn";
import { messageOf, SpawnError } from "../errors/index.js";
import type { ExitStatus, ProcessIdentity, TreeSpec } from "../ports/process-host.js";
import type { ProcessTable } from "./process-table.js";

/** A child process with its three pipes. */
export type PipedChild = ChildProcess & { [K in "stdin" | "stdout" | "stderr"]: NonNullable<ChildProcess[K]> };

export interface SpawnedLeader {
  readonly child: PipedChild;
  readonly identity: ProcessIdentity;
  /** Resolves on node's `exit`: its `close` waits for whoever else holds the pipes (LP-26). */
  readonly exited: Promise<ExitStatus>;
}

/**
 * Starts the first process of a tree, on POSIX as leader of a process group and a session of its own. Everything but a failure
 * happens before this returns its promise, so that the child is identified while it cannot have been reaped yet.
 * Rejects with `SpawnError`, when nothing of it is left.
 */
export async function spawnLeader(
  spec: TreeSpec,
  table: ProcessTable,
  platform: NodeJS.Platform,
): Promise<SpawnedLeader> {
  if (spec.cwd !== undefined) requireDirectory(spec.cwd);
  const child = start(spec, platform);
  if (!hasPipes(child) || child.pid === undefined) throw await failureOf(child, spec);
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  // A pipe breaks when its reader goes first; whoever writes is told by the write's callback, nobody by a crash.
  for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.on("error", () => {});
  const identity = identify(child.pid, table);
  if (!(identity instanceof SpawnError)) return { child, identity, exited };
  child.kill("SIGKILL");
  await exited;
  throw identity;
}

function start({ command, args, env, cwd, cookie }: TreeSpec, platform: NodeJS.Platform): ChildProcess {
  try {
    const child = spawn(command, [...args], {
      cwd,
      env: { ...env, [cookie]: "1" },
      stdio: ["pipe", "pipe", "pipe"],
      // On Windows it would open a console window.
      detached: platform !== "win32",
      windowsHide: true,
    });
    child.on("error", () => {});
    return child;
  } catch (error) {
    throw commandFailure(command, error);
  }
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
