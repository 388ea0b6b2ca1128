import { existsSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { messageOf } from "../../errors/index.js";
import { ProcessTableError } from "../process-table.js";
import type { Kill } from "../signal-members.js";

/** A cgroup (version 2) of one tree, with what its processes may have made below it. Everything is synchronous, as the process table is. */
export interface Cgroup {
  readonly path: string;
  /**
   * Whether anybody who is no zombie is in it or below: the kernel's own proof. False where there is no such cgroup (any more). Throws
   * `ProcessTableError` where it cannot be read.
   */
  isPopulated(): boolean;
  /** Who is in it or below, as far as that can be seen from this pid namespace. */
  pids(): readonly number[];
  /** SIGKILL to all of them at one instant, so that nobody is forked past it. Returns whom it found there. Does nothing where we are in it. */
  kill(kill: Kill): readonly number[];
  /** Removes it and what is below. False if somebody is in it: it is not to be forgotten then. */
  remove(): boolean;
}

export interface CgroupOptions {
  /** Default `cgroup.kill`; kernels before 5.14 have none. */
  readonly killFile?: string | undefined;
}

/** Opens a cgroup by its directory; whether that is one of ours has been looked at before. */
export function openCgroup(path: string, { killFile = "cgroup.kill" }: CgroupOptions = {}): Cgroup {
  const isPopulated = () => /^populated 1$/m.test(readOr(`${path}/cgroup.events`, ""));
  const pids = () => directoriesBelow(path).flatMap(pidsIn);
  let isGone = false;
  return {
    path,
    isPopulated,
    pids,
    kill: (kill) => {
      const inside = pids();
      if (inside.includes(process.pid)) return [];
      if (!wrote(`${path}/${killFile}`, "1")) killFrozen(path, pids, kill);
      return inside;
    },
    remove: () => {
      // The kernel removes it where nobody is in it and nothing was made below: as a rule that is all there is to ask.
      isGone ||= attempt(() => (rmdirSync(path), true)) === true;
      if (isGone) return true;
      // What somebody made below it may be empty while he is in it.
      return !isPopulated() && directoriesBelow(path).every(isRemoved);
    },
  };
}

const roundsAtMost = 20;

/** Who is frozen forks nobody, and a frozen process still dies of SIGKILL. */
function killFrozen(path: string, pids: () => readonly number[], kill: Kill): void {
  wrote(`${path}/cgroup.freeze`, "1");
  const killed = new Set<number>();
  for (let round = 0; round < roundsAtMost; round += 1) {
    const fresh = pids().filter((pid) => !killed.has(pid));
    if (fresh.length === 0) break;
    for (const pid of fresh) {
      killed.add(pid);
      attempt(() => kill(pid, "SIGKILL"));
    }
  }
  wrote(`${path}/cgroup.freeze`, "0");
}

/** The deepest first, as they are to be removed. */
function directoriesBelow(path: string): readonly string[] {
  const found = [path];
  // Grows while it is walked through.
  for (const directory of found) {
    if (hasNoneBelow(directory)) continue;
    const names = attempt(() => readdirSync(directory, { withFileTypes: true })) ?? [];
    found.push(...names.filter((entry) => entry.isDirectory()).map(({ name }) => `${directory}/${name}`));
  }
  return found.toReversed();
}

/** A cgroup is linked to by its parent, itself, and each below it; to list it would be to list all its files. */
function hasNoneBelow(directory: string): boolean {
  return attempt(() => statSync(directory).nlink) === 2;
}

/** Processes of another pid namespace are shown as 0; threads (EOPNOTSUPP) are listed with their process, further up. */
function pidsIn(directory: string): number[] {
  const listed = readOr(`${directory}/cgroup.procs`, "").split("\n").map(Number);
  return listed.filter((pid) => pid > 1);
}

const noSuchCgroup = new Set(["ENOENT", "ENODEV", "EOPNOTSUPP"]);

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    if (noSuchCgroup.has(codeOf(error))) return otherwise;
    throw new ProcessTableError(new Error(`${path}: ${messageOf(error)}`, { cause: error }));
  }
}

function isRemoved(directory: string): boolean {
  try {
    rmdirSync(directory);
    return true;
  } catch (error) {
    // Who else cannot remove it has an empty directory too many; that is no reason to call the tree alive.
    return codeOf(error) !== "EBUSY" && codeOf(error) !== "ENOTEMPTY";
  }
}

function wrote(path: string, text: string): boolean {
  // In a cgroup no file can be made by writing to it.
  return existsSync(path) && attempt(() => (writeFileSync(path, text), true)) === true;
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? "";
}
