import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { Socket } from "node:net";
import { dirname, join } from "node:path";
import { messageOf } from "../errors/index.js";
import type { ProcessIdentity } from "../ports/index.js";
import { guardianScript } from "./guardian-script.js";

/** A guardian that runs. */
export interface GuardianProcess {
  readonly pid: number;
  /** Ahead of it are those that were sent before. */
  send(line: string): void;
  /** There is nothing to watch over any more. Resolves when it is gone, and keeps the event loop alive no more than before: it may be stuck. */
  end(): Promise<void>;
}

export interface GuardianProcessOptions {
  /** The gateway that it watches over. */
  readonly owner: ProcessIdentity;
  /** Of its records, as far as they are known: the gateway may be killed before it can send anything. */
  readonly folders: readonly string[];
  /** It has exited, whoever made it. */
  readonly onExit: () => void;
}

/** Starts a guardian. What it returns instead of one is a sentence that says why there is none. */
export type StartGuardian = (options: GuardianProcessOptions) => GuardianProcess | string;

const shell = "/bin/sh";

/**
 * In a session of its own, so that neither Ctrl-C nor a signal to the gateway's group reaches it; in no folder that somebody may want to unmount; and
 * with nothing of the gateway but the pipe, of which no other child gets an end: node opens it to be closed at each exec.
 */
export const startGuardian: StartGuardian = ({ owner, folders, onExit }) => {
  const reaper = reaperProgram();
  if (typeof reaper !== "string") return reaper.problem;
  const { pid: ownPid, startTime } = owner;
  const args = ["-c", guardianScript, "guardian", process.execPath, reaper, String(ownPid), startTime, ...folders];
  const child = spawn(shell, args, {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    cwd: "/",
    env: guardianEnvironment(process.env),
  });
  child.on("error", () => undefined);
  const { stdin, pid } = child;
  if (pid === undefined || stdin === null) return `${shell} cannot be started`;
  // It may be gone before it has read everything.
  stdin.on("error", () => undefined);
  // The host may exit; that is what it waits for.
  child.unref();
  (stdin as Socket).unref();
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.once("exit", onExit);
  return {
    pid,
    send: (line) => void (stdin.writable && stdin.write(`${line}\n`)),
    end: () => {
      stdin.end();
      return exited;
    },
  };
};

/** The reaper as a program of its own, or why there is none. */
function reaperProgram(): string | { readonly problem: string } {
  if (process.platform === "win32") return { problem: "there is no guardian on Windows" };
  if (!existsSync(shell)) return { problem: `there is no ${shell}` };
  const require = createRequire(import.meta.url);
  try {
    // An executable with the program inside runs that, and not what it is given.
    if ((require("node:sea") as { isSea(): boolean }).isSea())
      return { problem: "this is a single executable, and not node" };
  } catch {
    // Older than single executables.
  }
  try {
    // By the package and not by this file, which a bundler may have put anywhere.
    const program = join(dirname(require.resolve("mcp-lifecycle/package.json")), "dist/recovery/guardian-main.js");
    return existsSync(program) ? program : { problem: `there is no ${program}` };
  } catch (thrown) {
    return { problem: `the package mcp-lifecycle is not installed beside this program: ${messageOf(thrown)}` };
  }
}

/** The gateway's own, but for what would change how the shell or node starts. */
function guardianEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !name.startsWith("NODE_") && name !== "ENV" && name !== "BASH_ENV",
  );
  // Where the gateway's executable is Electron's, only this makes it node.
  return {
    ...Object.fromEntries(kept),
    ...(process.versions["electron"] !== undefined && { ELECTRON_RUN_AS_NODE: "1" }),
  };
}
