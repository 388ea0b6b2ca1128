import type { Marks, PidOrder, ProcessEntry, ProcessTable } from "../../src/processes/index.js";

export type FakeProcess = Partial<Omit<ProcessEntry, "pid">> & { readonly marks?: Marks };

/** A process table that a test fills: by pid, only what matters. A process leads no group and no session unless it says so. */
export class FakeTable implements ProcessTable {
  readonly processes = new Map<number, FakeProcess>();
  listings = 0;
  /** Called before each listing, with its number. */
  beforeListing: (listing: number) => void = () => {};

  constructor(processes: Record<number, FakeProcess> = {}) {
    for (const [pid, fake] of Object.entries(processes)) this.processes.set(Number(pid), fake);
  }

  pids(): number[] {
    this.listings += 1;
    this.beforeListing(this.listings);
    return [...this.processes.keys()];
  }

  read(pid: number): ProcessEntry | "gone" | "unreadable" {
    const fake = this.processes.get(pid);
    if (fake === undefined) return "gone";
    const { marks: _, ...entry } = fake;
    return { pid, ppid: 1, pgid: 1, sid: 1, startTime: "100", state: "running", name: `fake-${pid}`, ...entry };
  }

  marks({ pid }: ProcessEntry): Marks {
    return this.processes.has(pid) ? (this.processes.get(pid)?.marks ?? []) : "gone";
  }

  startTimeOf(pid: number): string | undefined {
    const entry = this.read(pid);
    return typeof entry === "string" ? undefined : entry.startTime;
  }

  ageOrder(startTime: string): number {
    return Number(startTime);
  }

  now(): number {
    return 200;
  }

  pidOrder(): PidOrder | undefined {
    return undefined;
  }

  command({ name }: ProcessEntry): string {
    return name;
  }
}
