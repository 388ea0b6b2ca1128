import { LifecycleError, messageOf } from "../errors/index.js";
import type { ProcessIdentity } from "../ports/process-host.js";

/** What the operating system says of one process. */
export interface ProcessEntry extends ProcessIdentity {
  readonly ppid: number;
  readonly pgid: number;
  /** Session id; 0 where the system does not tell. */
  readonly sid: number;
  /**
   * `exiting`: runs nothing of its own any more, but the kernel has not taken everything from it yet. `zombie`: nothing is left of
   * it but its exit status. `kernel`: a thread of the kernel, nobody's process.
   */
  readonly state: "running" | "exiting" | "zombie" | "kernel";
  /** The program's name. */
  readonly name: string;
}

/** Names of the environment variables of a process that begin with the prefix of cookies; or why they cannot be told. */
export type Marks = readonly string[] | "gone" | "unreadable" | "unsettled";

/**
 * How far a system has come that gives processes ascending numbers and begins anew at the end of them: threads and processes started since it
 * booted, those there are now, and where numbers end.
 */
export interface PidOrder {
  readonly starts: number;
  readonly tasks: number;
  readonly pidMax: number;
}

/**
 * The operating system's processes. Everything is synchronous, so that what one look reads is as close together as can be, and
 * so that no child of ours is reaped between the reading and a signal. Methods throw `ProcessTableError` where the system fails.
 */
export interface ProcessTable {
  /** Every process there is now. */
  pids(): readonly number[];
  /** One of the processes last listed. `unreadable`: there, but kept from us (hidepid). */
  read(pid: number): ProcessEntry | "gone" | "unreadable";
  /** `gone`: has ended since it was read. `unsettled`: between two programs (exec), a moment later it can be told. */
  marks(entry: ProcessEntry): Marks;
  /** Start time of whoever has this pid at this very moment. */
  startTimeOf(pid: number): string | undefined;
  /** A number that grows with the start time. */
  ageOrder(startTime: string): number;
  /** What `ageOrder` would be for a process born at this moment, never later than that; `undefined` where it cannot be told. */
  now(): number | undefined;
  /** Where numbers are given in order, and that can be told. */
  pidOrder?(): PidOrder | undefined;
  /** Command line, shortened; for people. */
  command(entry: ProcessEntry): string;
}

/** The system's list of processes could not be read: out of descriptors, or no `ps`. Nothing is proved then. */
export class ProcessTableError extends LifecycleError {
  constructor(cause: unknown) {
    super("PROCESS_TABLE", `the list of processes cannot be read: ${messageOf(cause)}`, { cause });
  }
}

/** What every cookie's name begins with. */
export const cookiePrefix = "MCP_LIFECYCLE_";

/** A command line for people: one line, 200 characters at most. */
export function shortenCommand(command: string): string {
  const line = command.replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}
