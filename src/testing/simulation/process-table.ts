import type { ExitStatus, ProcessIdentity } from "../../ports/process-host.js";
import type { TimerHandle } from "../../ports/clock.js";
import { MultiIndex } from "./multi-index.js";
import type { ProcessShape } from "./process-shape.js";

/** A process of the virtual system, with what nobody inside could know: whose it truly is. */
export interface VirtualProcess extends ProcessIdentity {
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  /** True: no environment can be read, no signal sent. */
  readonly otherUser: boolean;
  /** Pid of its first parent, whoever is its parent by now. */
  readonly bornOf: number;
  readonly command: string;
  /** Name of the environment variable that marks its tree. */
  readonly cookie: string | undefined;
  /** The truth: the tree it descends from, or `init`, `gateway`, `foreign 1`. Inherited by every child, whatever else it sheds. */
  readonly owner: string;
  readonly isLeader: boolean;
  readonly shape: ProcessShape;
  /** A zombie runs nothing, but keeps its pid and group. */
  readonly state: "running" | "zombie" | "gone";
  readonly exit: ExitStatus | undefined;
}

/** What a process is born with. */
export type Birth = Pick<VirtualProcess, "command" | "cookie" | "owner" | "isLeader" | "shape"> & {
  readonly pid?: number | undefined;
  readonly ppid: number;
  /** Absent: a group, a session of its own. */
  readonly pgid?: number | undefined;
  readonly sid?: number | undefined;
};

/** The same with what only the table and the process's own life change. */
export interface ProcessEntry extends VirtualProcess {
  ppid: number;
  command: string;
  cookie: string | undefined;
  shape: ProcessShape;
  state: "running" | "zombie" | "gone";
  exit: ExitStatus | undefined;
  /** In a sleep that nothing interrupts. */
  frozen: boolean;
  otherUser: boolean;
  /** What came while it was frozen. */
  readonly pending: (() => void)[];
  readonly timers: Set<TimerHandle>;
}

/** The range pids are taken from, in order and around again. A small one reuses them soon. */
export interface PidSpace {
  readonly first: number;
  readonly last: number;
}

/** Who exists, by pid, parent, group, cookie and owner; behaviour is elsewhere. */
export class ProcessTable {
  readonly #pids: PidSpace;
  readonly #byPid = new Map<number, ProcessEntry>();
  readonly #byParent = new MultiIndex<number, ProcessEntry>();
  readonly #byGroup = new MultiIndex<number, ProcessEntry>();
  readonly #bySession = new MultiIndex<number, ProcessEntry>();
  readonly #byCookie = new MultiIndex<string, ProcessEntry>();
  readonly #byOwner = new MultiIndex<string, ProcessEntry>();
  #nextPid: number;
  #births = 0;

  constructor(pids: PidSpace) {
    this.#pids = pids;
    this.#nextPid = pids.first;
  }

  find(pid: number): ProcessEntry | undefined {
    return this.#byPid.get(pid);
  }

  /** The very process, not a later one with its pid. */
  findSame({ pid, startTime }: ProcessIdentity): ProcessEntry | undefined {
    const process = this.#byPid.get(pid);
    return process?.startTime === startTime ? process : undefined;
  }

  /** Whether a pid may be given to somebody: not while a group or a session bears that number either, as on Linux. */
  isFree(pid: number): boolean {
    return !this.#byPid.has(pid) && !this.#byGroup.has(pid) && !this.#bySession.has(pid);
  }

  childrenOf(pid: number): ProcessEntry[] {
    return this.#byParent.get(pid);
  }

  inGroup(pgid: number): ProcessEntry[] {
    return this.#byGroup.get(pgid);
  }

  inSession(sid: number): ProcessEntry[] {
    return this.#bySession.get(sid);
  }

  withCookie(cookie: string): ProcessEntry[] {
    return this.#byCookie.get(cookie);
  }

  ownedBy(owner: string): ProcessEntry[] {
    return this.#byOwner.get(owner);
  }

  all(): ProcessEntry[] {
    return [...this.#byPid.values()];
  }

  /** Undefined if no pid is free, as a fork that fails with EAGAIN. */
  add(birth: Birth): ProcessEntry | undefined {
    const pid = birth.pid ?? this.#takePid();
    if (pid === undefined) return undefined;
    this.#births += 1;
    const entry: ProcessEntry = {
      ...birth,
      pid,
      // Unlike clock ticks these never repeat: a pid that comes around within one tick is not worth simulating.
      startTime: String(this.#births),
      pgid: birth.pgid ?? pid,
      sid: birth.sid ?? pid,
      bornOf: birth.ppid,
      state: "running",
      exit: undefined,
      frozen: birth.shape.onSigkill === "uninterruptible",
      otherUser: birth.shape.otherUser === true,
      pending: [],
      timers: new Set(),
    };
    this.#byPid.set(pid, entry);
    this.#byParent.add(entry.ppid, entry);
    this.#byGroup.add(entry.pgid, entry);
    this.#bySession.add(entry.sid, entry);
    this.#byOwner.add(entry.owner, entry);
    if (entry.cookie !== undefined) this.#byCookie.add(entry.cookie, entry);
    return entry;
  }

  setParent(process: ProcessEntry, ppid: number): void {
    this.#byParent.delete(process.ppid, process);
    process.ppid = ppid;
    this.#byParent.add(ppid, process);
  }

  dropCookie(process: ProcessEntry): void {
    if (process.cookie !== undefined) this.#byCookie.delete(process.cookie, process);
    process.cookie = undefined;
  }

  remove(process: ProcessEntry): void {
    process.state = "gone";
    this.#byPid.delete(process.pid);
    this.#byParent.delete(process.ppid, process);
    this.#byGroup.delete(process.pgid, process);
    this.#bySession.delete(process.sid, process);
    this.#byOwner.delete(process.owner, process);
    if (process.cookie !== undefined) this.#byCookie.delete(process.cookie, process);
  }

  #takePid(): number | undefined {
    const { first, last } = this.#pids;
    for (let tried = first; tried <= last; tried += 1) {
      const pid = this.#nextPid;
      this.#nextPid = pid >= last ? first : pid + 1;
      if (this.isFree(pid)) return pid;
    }
    return undefined;
  }
}
