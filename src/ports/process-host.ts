import type { Readable, Writable } from "node:stream";

/** How a tree is held; see the vocabulary in `docs/guide.md`. */
export type ContainmentLevel = "group" | "cgroup" | "namespace" | "job";

/** Signals the closing path uses. */
export type TreeSignal = "SIGTERM" | "SIGKILL";

/** A process that cannot be mistaken for a later one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start time as the system gives it (Linux: clock ticks since boot); compared for equality, never computed with. */
  readonly startTime: string;
}

/** A process as evidence: who it is and what it looked like. */
export interface ObservedProcess extends ProcessIdentity {
  readonly ppid: number;
  readonly pgid: number;
  /** Command line, shortened; for people. */
  readonly command: string;
}

/** What to start. The environment is complete: nothing is inherited but what stands here, and the cookie. */
export interface TreeSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string | undefined;
  /** Name of the environment variable that marks the tree: `MCP_LIFECYCLE_` and an opaque random id. */
  readonly cookie: string;
}

/** A tree as the host knows it; plain data and opaque to everybody else. */
export interface TreeRef {
  readonly containment: ContainmentLevel;
  readonly leader: ProcessIdentity;
  /** Absent for a tree that was adopted: its processes carry no cookie of ours. */
  readonly cookie?: string | undefined;
  /** Directory of the tree's cgroup, where it has one. */
  readonly cgroup?: string | undefined;
}

/** How the leader ended. */
export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A tree that was started, with the pipes to its leader. The pipes may close late or never; only `look` proves anything. */
export interface SpawnedTree {
  readonly ref: TreeRef;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves when the leader has exited, whoever still holds its pipes. Never rejects. */
  readonly exited: Promise<ExitStatus>;
}

/** What a look at a tree found. `survivors` empty means: proved gone. */
export interface TreeLook {
  readonly survivors: readonly ObservedProcess[];
  /** Zombies: they run nothing and are no survivors (LP-56). */
  readonly unreaped: readonly ObservedProcess[];
  /** Processes that may be ours but are not proved so; they count as surviving and are never signalled (LP-33). */
  readonly doubtful: readonly ObservedProcess[];
}

/** What became of one signal to a tree. */
export interface SignalReport {
  /** Pids that were signalled, or were in the cgroup that was killed. */
  readonly signalled: readonly number[];
  /** Pids of ours the system would not let us signal, with its error code (`EPERM`). */
  readonly refused: readonly { readonly pid: number; readonly code: string }[];
}

/** Starts, sees and signals process trees. The only way the library touches processes. */
export interface ProcessHost {
  /** How trees are held as a rule; a tree's own reference says how it is. */
  readonly containment: ContainmentLevel;
  /** Where a tree with that cookie is going to be held: what has to be on record before it is started. */
  placeOf(cookie: string): Pick<TreeRef, "containment" | "cgroup">;
  /**
   * A tree with that cookie is about to be spawned, if all goes well: what takes time and starts nobody is begun, in the background. Returns what
   * takes it back, for a tree that is not spawned after all; it does nothing to one that was, and never rejects.
   */
  announce(cookie: string): () => Promise<void>;
  /**
   * Rejects with `SpawnError` where the program or its working directory does not exist; nothing is left then. `onBorn` is called as soon
   * as there is a process, which may be before it executes its program: it has to be killed if this process exits meanwhile.
   */
  spawn(spec: TreeSpec, onBorn?: (tree: TreeRef) => void): Promise<SpawnedTree>;
  /** Takes custody of a process that somebody else started. Rejects with `SpawnError` if there is no such process. */
  adopt(pid: number): Promise<TreeRef>;
  /** Looks for everything that belongs to the tree, whatever its parent, group or session is by now. */
  look(tree: TreeRef): Promise<TreeLook>;
  /** Signals every member proved ours at this moment; never anybody else (I6). */
  signal(tree: TreeRef, signal: TreeSignal): Promise<SignalReport>;
  /** The last means when the gateway exits: SIGKILL to every proved member, without waiting for anything. Never throws. */
  killSync(tree: TreeRef): void;
  /** The tree is proved gone or was given up: whatever is remembered of it may be dropped. */
  forget(tree: TreeRef): void;
}
