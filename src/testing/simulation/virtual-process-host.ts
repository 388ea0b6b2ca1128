import { SpawnError } from "../../errors/index.js";
import type {
  ContainmentLevel,
  ExitStatus,
  ProcessHost,
  ProcessIdentity,
  SignalReport,
  SpawnedTree,
  TreeLook,
  TreeRef,
  TreeSignal,
  TreeSpec,
} from "../../ports/process-host.js";
import type { GatewayLife } from "./gateway-life.js";
import { LazyPipes } from "./lazy-pipes.js";
import type { PortAnswers } from "./port-answers.js";
import type { ProcessShape } from "./process-shape.js";
import type { VirtualProcess } from "./process-table.js";
import { findCgroupMembers, findMembers, observe, type TreeMembers, type TreeMemory } from "./tree-members.js";
import type { VirtualProcesses } from "./virtual-processes.js";

/** What a process host can be asked, by name: each may be made to fail or to wait. */
export type HostMethod = "spawn" | "adopt" | "look" | "signal" | "killSync" | "forget";

/** One signal that was sent, and whom it truly hit. */
export interface SignalLogEntry extends ProcessIdentity {
  readonly atMs: number;
  readonly signal: TreeSignal;
  readonly command: string;
  /** The tree it was sent for, and the one its target descends from; the same unless a foreign process was signalled (I6). */
  readonly sentFor: string;
  readonly hit: string;
}

export interface VirtualProcessHostOptions {
  readonly processes: VirtualProcesses;
  /** Whose host it is: the parent of what it spawns. */
  readonly gateway: VirtualProcess;
  readonly life: GatewayLife;
  readonly answers: PortAnswers<HostMethod>;
  readonly containment?: ContainmentLevel | undefined;
  /** The program a command line starts; undefined: there is no such program. */
  readonly programOf: (spec: TreeSpec) => ProcessShape | undefined;
  readonly onSignal: (entry: SignalLogEntry) => void;
}

/**
 * The process host over virtual processes, by the same evidence as the real one. How its calls are answered stands in
 * `answers.plans`; a look is a photograph of the moment it was asked for, however late it is answered.
 */
export class VirtualProcessHost implements ProcessHost {
  readonly containment: ContainmentLevel;
  readonly answers: PortAnswers<HostMethod>;
  readonly #options: VirtualProcessHostOptions;
  readonly #log: SignalLogEntry[] = [];
  readonly #memories = new Map<string, TreeMemory>();
  readonly #owners = new Map<string, string>();
  readonly #started = new Set<string>();

  constructor(options: VirtualProcessHostOptions) {
    this.#options = options;
    this.answers = options.answers;
    this.containment = options.containment ?? "group";
  }

  /** Every signal that was sent, in order. */
  get log(): readonly SignalLogEntry[] {
    return this.#log;
  }

  /** How many trees something is remembered of. */
  get rememberedTrees(): number {
    return this.#memories.size;
  }

  placeOf(): Pick<TreeRef, "containment"> {
    return { containment: this.containment };
  }

  announce(): () => Promise<void> {
    return () => Promise.resolve();
  }

  /** Owners of the trees that it spawned. */
  get started(): ReadonlySet<string> {
    return this.#started;
  }

  /** The program is the one the world has under that command; its owner is the cookie. */
  spawn(spec: TreeSpec): Promise<SpawnedTree> {
    return this.start({ spec, shape: this.#options.programOf(spec), owner: spec.cookie });
  }

  /** As `spawn`, with a program and an owner that the caller knows. Counts as `spawn`. */
  start(start: { spec: TreeSpec; shape: ProcessShape | undefined; owner: string }): Promise<SpawnedTree> {
    const { spec, shape, owner } = start;
    return this.answers.answer("spawn", () => {
      if (shape === undefined) throw new SpawnError("command", `"${spec.command}" does not exist`);
      const { gateway, processes } = this.#options;
      const leader = processes.spawn({ owner, shape, cookie: spec.cookie, parent: gateway });
      if (leader === undefined) throw new SpawnError("command", "no pid is free (EAGAIN)");
      return this.#treeOf(leader, { containment: this.containment, leader: identityOf(leader), cookie: spec.cookie });
    });
  }

  adopt(pid: number): Promise<TreeRef> {
    return this.answers.answer("adopt", () => {
      const leader = this.#options.processes.table.find(pid);
      if (leader?.state !== "running") throw new SpawnError("pid", `there is no process ${pid}`);
      this.#remember(leader);
      return { containment: "group", leader: identityOf(leader) };
    });
  }

  look(tree: TreeRef): Promise<TreeLook> {
    const { ours, doubtful } = this.#find(tree);
    const look: TreeLook = {
      survivors: ours.filter(isRunning).map(observe),
      unreaped: ours.filter((member) => member.state === "zombie").map(observe),
      doubtful: doubtful.filter(isRunning).map(observe),
    };
    return this.answers.answer("look", () => look);
  }

  signal(tree: TreeRef, signal: TreeSignal): Promise<SignalReport> {
    return this.answers.answer("signal", () => this.#signalNow(tree, signal));
  }

  killSync(tree: TreeRef): void {
    this.answers.tally("killSync");
    if (!this.#options.life.isOver) this.#signalNow(tree, "SIGKILL");
  }

  forget(tree: TreeRef): void {
    this.answers.tally("forget");
    this.#memories.delete(keyOf(tree.leader));
  }

  /** Ends the stdin of a tree, as destroying `SpawnedTree.stdin` does, without its detour through a stream. */
  endInput(tree: TreeRef): void {
    this.#options.processes.closeInput(this.ownerOf(tree));
  }

  /** Its gateway is gone, and with it the other end of every stdin. */
  breakPipes(): void {
    for (const owner of this.#started) this.#options.processes.closeInput(owner);
  }

  /** The truth about whose tree it is; adopted ones included. */
  ownerOf(tree: TreeRef): string {
    return this.#owners.get(keyOf(tree.leader)) ?? "nobody";
  }

  #find(tree: TreeRef): TreeMembers {
    const { table } = this.#options.processes;
    if (tree.containment === "cgroup") return findCgroupMembers(table, this.ownerOf(tree));
    return findMembers(table, tree, this.#memories.get(keyOf(tree.leader)) ?? { known: [], sessions: new Set() });
  }

  #signalNow(tree: TreeRef, signal: TreeSignal): SignalReport {
    const signalled: number[] = [];
    const refused: { pid: number; code: string }[] = [];
    const sentFor = this.ownerOf(tree);
    for (const member of this.#find(tree).ours.filter(isRunning)) {
      const { pid, startTime, command, owner: hit } = member;
      // The death of one may have been the end of the next, and its pid may be taken already.
      if (this.#options.processes.table.findSame(member) === undefined) continue;
      const result = this.#options.processes.kill(pid, signal);
      if (result === "EPERM") refused.push({ pid, code: result });
      if (result !== "delivered") continue;
      signalled.push(pid);
      const entry = { atMs: this.#options.processes.clock.now(), signal, pid, startTime, command, sentFor, hit };
      this.#log.push(entry);
      this.#options.onSignal(entry);
    }
    return { signalled, refused };
  }

  #remember(leader: VirtualProcess): void {
    const sessions = new Set(leader.sid === leader.pid ? [leader.sid] : []);
    this.#owners.set(keyOf(leader), leader.owner);
    this.#memories.set(keyOf(leader), { known: [], sessions });
  }

  #treeOf(leader: VirtualProcess, ref: TreeRef): SpawnedTree {
    this.#remember(leader);
    this.#started.add(leader.owner);
    const pipes = new LazyPipes(() => this.endInput(ref));
    const exited = new Promise<ExitStatus>((resolve) => {
      const { life, processes } = this.#options;
      processes.onExit(leader, () => {
        if (!life.isOver) resolve(leader.exit ?? { code: null, signal: null });
      });
    });
    return {
      ref,
      exited,
      get stdin() {
        return pipes.stdin;
      },
      get stdout() {
        return pipes.stdout;
      },
      get stderr() {
        return pipes.stderr;
      },
    };
  }
}

function identityOf({ pid, startTime }: ProcessIdentity): ProcessIdentity {
  return { pid, startTime };
}

function keyOf({ pid, startTime }: ProcessIdentity): string {
  return `${pid}:${startTime}`;
}

function isRunning(process: VirtualProcess): boolean {
  return process.state === "running";
}
