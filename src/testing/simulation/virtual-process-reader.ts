import type { Marks, ProcessEntry, ProcessTable } from "../../processes/process-table.js";
import type { VirtualProcesses } from "./virtual-processes.js";

/** The virtual processes as an operating system shows them: without the truth about whose they are. */
export class VirtualProcessReader implements ProcessTable {
  readonly #processes: VirtualProcesses;

  constructor(processes: VirtualProcesses) {
    this.#processes = processes;
  }

  pids(): readonly number[] {
    return this.#processes.table.all().map(({ pid }) => pid);
  }

  read(pid: number): ProcessEntry | "gone" {
    const found = this.#processes.table.find(pid);
    if (found === undefined || found.state === "gone") return "gone";
    const { startTime, ppid, pgid, sid, state, command } = found;
    return { pid, startTime, ppid, pgid, sid, state, name: command };
  }

  /** Nobody reads the environment of another user's process; a zombie has none. */
  marks({ pid }: ProcessEntry): Marks {
    const found = this.#processes.table.find(pid);
    if (found === undefined) return "gone";
    if (found.otherUser) return "unreadable";
    return found.cookie === undefined || found.state === "zombie" ? [] : [found.cookie];
  }

  startTimeOf(pid: number): string | undefined {
    return this.#processes.table.find(pid)?.startTime;
  }

  ageOrder(startTime: string): number {
    return Number(startTime);
  }

  now(): undefined {
    return undefined;
  }

  command({ name }: ProcessEntry): string {
    return name;
  }
}
