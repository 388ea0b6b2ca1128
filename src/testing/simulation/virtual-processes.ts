import type { ExitStatus, TreeSignal } from "../../ports/process-host.js";
import type { ProcessShape } from "./process-shape.js";
import { beginLife, reactToEof, reactToParentExit, reactToSignal, stopLife, thawProcess } from "./process-reactions.js";
import { type PidSpace, type ProcessEntry, ProcessTable, type VirtualProcess } from "./process-table.js";
import type { VirtualClock } from "./virtual-clock.js";

export interface VirtualProcessesOptions {
  readonly clock: VirtualClock;
  /** Default 1000 to 32 767. */
  readonly pids?: PidSpace | undefined;
  /** The gateway is pid 1 of a container: orphans become its children, and it waits for nobody it did not start (LP-56). */
  readonly gatewayIsInit?: boolean | undefined;
}

export interface SpawnedVirtually {
  readonly owner: string;
  readonly shape: ProcessShape;
  readonly cookie?: string | undefined;
  /** The gateway that starts it; default the first. */
  readonly parent?: VirtualProcess | undefined;
}

/** What became of a signal, as kill(2) tells it. */
export type KillResult = "delivered" | "EPERM" | "ESRCH";

/** A virtual system's processes: they fork, exec, shed their group and cookie, die, linger as zombies, and their pids come again. */
export class VirtualProcesses {
  readonly table: ProcessTable;
  readonly clock: VirtualClock;
  /** The first one. */
  readonly gateway: VirtualProcess;
  readonly #gatewayIsInit: boolean;
  readonly #closedInputs = new Set<string>();
  #foreigners = 0;
  readonly #exitListeners = new WeakMap<ProcessEntry, (() => void)[]>();

  constructor({ clock, pids = { first: 1_000, last: 32_767 }, gatewayIsInit = false }: VirtualProcessesOptions) {
    this.clock = clock;
    this.table = new ProcessTable(pids);
    this.#gatewayIsInit = gatewayIsInit;
    const root = { ppid: 0, cookie: undefined, isLeader: false, shape: {} };
    const first = this.table.add({ ...root, pid: 1, command: "init", owner: gatewayIsInit ? "gateway" : "init" });
    const second = gatewayIsInit
      ? first
      : this.table.add({ ...root, pid: 2, ppid: 1, command: "gateway", owner: "gateway" });
    this.gateway = second as ProcessEntry;
  }

  /** Starts another gateway, with that pid if one is given. Undefined if it is not free, or none is. */
  spawnGateway(pid?: number): VirtualProcess | undefined {
    if (pid !== undefined && !this.table.isFree(pid)) return undefined;
    const birth = { command: "gateway", cookie: undefined, owner: "gateway", isLeader: false, shape: {} };
    return this.table.add({ ...birth, pid, ppid: 1 });
  }

  /** Starts a tree as a gateway does: a child of it, in a session of its own. Undefined if no pid is free. */
  spawn({ owner, shape, cookie, parent = this.gateway }: SpawnedVirtually): VirtualProcess | undefined {
    const leader = this.table.add({
      ppid: parent.pid,
      command: shape.command ?? "server",
      cookie: shape.dropsCookie === true ? undefined : cookie,
      owner,
      isLeader: true,
      shape,
    });
    if (leader !== undefined) this.#begin(leader);
    return leader;
  }

  /** Starts a process that is none of ours, with a given pid if that is free; its group is its own. */
  spawnForeign(
    shape: ProcessShape = {},
    place: { readonly pid?: number; readonly pgid?: number } = {},
  ): VirtualProcess | undefined {
    if (place.pid !== undefined && this.table.find(place.pid) !== undefined) return undefined;
    const command = shape.command ?? "somebody else's";
    const birth = {
      ...place,
      ppid: 1,
      command,
      cookie: undefined,
      owner: `foreign ${(this.#foreigners += 1)}`,
      isLeader: false,
      shape,
    };
    const foreign = this.table.add(birth);
    if (foreign !== undefined) this.#begin(foreign);
    return foreign;
  }

  /** Undefined if the parent is not running or no pid is free. */
  fork(parent: VirtualProcess, shape: ProcessShape): VirtualProcess | undefined {
    if (parent.state !== "running") return undefined;
    const { detach } = shape;
    const child = this.table.add({
      ppid: detach === "double-fork" ? 1 : parent.pid,
      ...(detach === undefined && { pgid: parent.pgid }),
      ...((detach === undefined || detach === "group") && { sid: parent.sid }),
      command: shape.command ?? `child of ${parent.command}`,
      cookie: shape.dropsCookie === true ? undefined : parent.cookie,
      owner: parent.owner,
      isLeader: false,
      shape,
    });
    if (child !== undefined) this.#begin(child);
    return child;
  }

  /** Same pid, start time, parent and group; another program. */
  exec(process: VirtualProcess, shape: ProcessShape): void {
    const entry = process as ProcessEntry;
    if (entry.state !== "running") return;
    stopLife(this.clock, entry);
    entry.shape = shape;
    entry.command = shape.command ?? entry.command;
    if (shape.dropsCookie === true) this.table.dropCookie(entry);
    this.#begin(entry);
  }

  /** Ends a process from outside of all this: a crash, the OOM killer, or its own decision. */
  exit(process: VirtualProcess, status: ExitStatus = { code: 0, signal: null }): void {
    const entry = process as ProcessEntry;
    if (entry.state !== "running") return;
    entry.state = "zombie";
    entry.exit = status;
    stopLife(this.clock, entry);
    const parent = this.table.find(entry.ppid);
    const orphans = this.table.childrenOf(entry.pid);
    for (const orphan of orphans) this.table.setParent(orphan, 1);
    for (const dead of [entry, ...orphans])
      if (dead.state === "zombie" && this.#isReaped(dead)) this.table.remove(dead);
    for (const orphan of orphans) reactToParentExit(this, orphan);
    for (const listener of this.#exitListeners.get(entry) ?? []) listener();
    if (parent?.shape.waitsForChildren === true && !this.table.childrenOf(parent.pid).some(isRunning))
      this.exit(parent);
  }

  /** Calls `listener` when it exits; at once if it has. */
  onExit(process: VirtualProcess, listener: () => void): void {
    const entry = process as ProcessEntry;
    if (entry.state !== "running") return listener();
    const listeners = this.#exitListeners.get(entry);
    if (listeners === undefined) this.#exitListeners.set(entry, [listener]);
    else listeners.push(listener);
  }

  /** The end of stdin, for everybody who reads it in the tree of `owner`, now or later. */
  closeInput(owner: string): void {
    if (this.#closedInputs.has(owner)) return;
    this.#closedInputs.add(owner);
    for (const process of this.table.ownedBy(owner)) reactToEof(this, process);
  }

  /** kill(2): hits whoever has that pid now. */
  kill(pid: number, signal: TreeSignal): KillResult {
    const process = this.table.find(pid);
    if (process === undefined) return "ESRCH";
    if (process.otherUser) return "EPERM";
    reactToSignal(this, process, signal);
    return "delivered";
  }

  /** What no signal reached so far is reached: uninterruptible sleeps are over, other users' processes may be signalled. */
  thaw(): void {
    for (const process of this.table.all()) {
      process.otherUser = false;
      thawProcess(process);
    }
  }

  #begin(process: ProcessEntry): void {
    beginLife(this, process);
    if (this.#closedInputs.has(process.owner)) reactToEof(this, process);
  }

  #isReaped(child: ProcessEntry): boolean {
    const parent = this.table.find(child.ppid);
    if (parent === undefined) return true;
    if (parent.owner === "gateway") return child.bornOf === parent.pid && (child.isLeader || !this.#gatewayIsInit);
    return parent.shape.reapsChildren !== false;
  }
}

function isRunning(process: VirtualProcess): boolean {
  return process.state === "running";
}
