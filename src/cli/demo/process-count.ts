import type { Owner, OwnershipMarks } from "./ownership-mark.js";
import { walkProcesses, type WalkedProcess } from "./process-walk.js";

/** A process of a server that the demo started. */
export interface OwnedProcess extends WalkedProcess {
  readonly owner: Owner;
}

/** Counts the demo's processes in the process table. */
export interface ProcessCount {
  /** Looks now; `undefined` on a system whose process table cannot be read. */
  look(): Promise<readonly OwnedProcess[] | undefined>;
}

/**
 * Who is ours: whoever carries a mark, every descendant of such a one, and whoever was ours at an earlier look. So one that clears its
 * environment, or whose parent died, still counts.
 */
export function createProcessCount(marks: OwnershipMarks, walk: typeof walkProcesses = walkProcesses): ProcessCount {
  const known = new Map<string, Owner>();
  return {
    async look() {
      const all = await walk();
      if (all === undefined) return undefined;
      const owners = new Map<number, Owner>();
      for (const process of all) {
        const owner = marks.ownerOf(process.mark) ?? known.get(identity(process));
        if (owner !== undefined) owners.set(process.pid, owner);
      }
      inherit(all, owners);
      known.clear();
      return all.flatMap((process) => {
        const owner = owners.get(process.pid);
        if (owner === undefined) return [];
        known.set(identity(process), owner);
        return [{ ...process, owner }];
      });
    },
  };
}

/** The first process of a server's tree: its parent is none of it. */
export function leaderOf(processes: readonly OwnedProcess[], { session, server }: Owner): OwnedProcess | undefined {
  const tree = processes.filter(({ owner }) => owner.session === session && owner.server === server);
  return tree.find(({ ppid }) => !tree.some(({ pid }) => pid === ppid));
}

function inherit(all: readonly WalkedProcess[], owners: Map<number, Owner>): void {
  for (let before = -1; before !== owners.size;) {
    before = owners.size;
    for (const { pid, ppid } of all) {
      const owner = owners.get(ppid);
      if (owner !== undefined && !owners.has(pid)) owners.set(pid, owner);
    }
  }
}

function identity({ pid, startTime }: WalkedProcess): string {
  return `${pid}@${startTime}`;
}
