import { setTimeout as pause } from "node:timers/promises";
import { seeAllProcesses, seeProcess, type SeenProcess } from "./seen-process.js";
import { type Deadline, WitnessError } from "./witness-error.js";

/** Watches processes that know nothing of it, by pid and start time. */
export interface PidWatch {
  /** Everything seen so far, dead or alive. */
  readonly watched: readonly SeenProcess[];
  /** Adds what descends from anything watched by now. What leaves its parent between two of these is not seen: look often. */
  refresh(): void;
  /** Who of them is alive now; zombies are not. */
  alive(): SeenProcess[];
  /** Resolves when none is alive. Rejects with `WitnessError`, naming who is left, after `withinMs` (default 0). */
  gone(deadline?: Deadline): Promise<void>;
}

/**
 * Watches a process and all its descendants as they are now, for real servers that hold no pipe of ours. Take it before the end
 * begins: afterwards a child's parent is init. Linux only. Throws `WitnessError` if there is no such process: such a watch would
 * find everything gone.
 */
export function watchPids(leaderPid: number): PidWatch {
  const leader = seeProcess(leaderPid);
  if (leader === undefined) throw new WitnessError(`there is no process ${leaderPid} to watch`);
  const watched = new Map([[leader.pid, leader]]);
  const isAlive = ({ pid, startTime }: SeenProcess) => seeProcess(pid)?.startTime === startTime;

  const watch: PidWatch = {
    get watched() {
      return [...watched.values()];
    },
    refresh() {
      const all = seeAllProcesses();
      for (let before = -1; before !== watched.size;) {
        before = watched.size;
        for (const seen of all) if (watched.has(seen.ppid) && !watched.has(seen.pid)) watched.set(seen.pid, seen);
      }
    },
    alive: () => watch.watched.filter(isAlive).map((seen) => seeProcess(seen.pid) ?? seen),
    async gone({ withinMs = 0 } = {}) {
      for (const deadline = performance.now() + withinMs; ; await pause(5)) {
        const left = watch.alive();
        if (left.length === 0) return;
        if (performance.now() >= deadline)
          throw new WitnessError(`${left.length} of ${watched.size} are alive after ${withinMs} ms:`, left);
      }
    },
  };
  watch.refresh();
  return watch;
}
