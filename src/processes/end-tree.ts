import type { Clock } from "../ports/clock.js";
import type {
  ExitStatus,
  ObservedProcess,
  ProcessHost,
  SpawnedTree,
  TreeLook,
  TreeSpec,
} from "../ports/process-host.js";
import { systemClock } from "../ports/system-clock.js";
import { createCookie } from "./cookie.js";
import { createProcessHost } from "./process-host.js";
import { repeatUntil } from "./repeat-until.js";

/** What to start; `env` is complete. Default: that of this process. */
export type StartTreeOptions = Pick<TreeSpec, "command"> &
  Partial<Omit<TreeSpec, "command">> & {
    /** Default: a host of its own. */
    readonly host?: ProcessHost | undefined;
  };

/** A tree with the host that holds it. */
export interface StartedTree extends SpawnedTree {
  readonly host: ProcessHost;
}

/** How long each means gets, in milliseconds. */
export interface TreeGraces {
  /** From the end of stdin until SIGTERM. Default 2 000. */
  readonly inputEndedMs?: number | undefined;
  /** From SIGTERM until SIGKILL. Default 2 000. */
  readonly terminatingMs?: number | undefined;
  /** From the first SIGKILL until the tree is given up. Default 5 000. */
  readonly verifyMs?: number | undefined;
  /** Default: the system's. */
  readonly clock?: Clock | undefined;
}

/** What became of a tree. */
export interface TreeEnd {
  /** `closed`: proved gone. `leaked`: `survivors` and `doubtful` say who is left. */
  readonly outcome: "closed" | "leaked";
  /** The last means that was needed. */
  readonly means: "input-ended" | "SIGTERM" | "SIGKILL" | "cgroup.kill";
  readonly exit: ExitStatus | undefined;
  readonly survivors: readonly ObservedProcess[];
  readonly unreaped: readonly ObservedProcess[];
  readonly doubtful: readonly ObservedProcess[];
}

/** Starts a program as a contained tree: whatever it starts is found again. Rejects with `SpawnError`. */
export async function startTree({ host = createProcessHost(), ...spec }: StartTreeOptions): Promise<StartedTree> {
  const cookie = spec.cookie ?? createCookie();
  return { ...(await host.spawn({ args: [], env: definedOnly(process.env), ...spec, cookie })), host };
}

/**
 * Ends a tree and proves it: end of input, SIGTERM, SIGKILL, each followed by looks until nothing is found or its grace is over.
 * Rejects with `ProcessTableError` where nothing can be proved.
 */
export async function endTree(tree: StartedTree, graces: TreeGraces = {}): Promise<TreeEnd> {
  const { inputEndedMs = 2_000, terminatingMs = 2_000, verifyMs = 5_000, clock = systemClock } = graces;
  let exit: ExitStatus | undefined;
  void tree.exited.then((status) => (exit = status));
  const ended = (look: TreeLook, means: TreeEnd["means"]): TreeEnd => {
    // Whoever survives may hold the other end of the pipes: they must not keep this process alive.
    for (const pipe of [tree.stdin, tree.stdout, tree.stderr]) pipe.destroy();
    if (isEmpty(look)) tree.host.forget(tree.ref);
    return { outcome: isEmpty(look) ? "closed" : "leaked", means, exit, ...look };
  };

  // Who is seen before its parent dies stays known.
  await tree.host.look(tree.ref);
  tree.stdin.end();
  // What nobody reads would block who writes, and so its end.
  for (const output of [tree.stdout, tree.stderr]) output.resume();
  let look = await lookUntilEmpty(tree, { clock, graceMs: inputEndedMs });
  if (isEmpty(look)) return ended(look, "input-ended");
  await tree.host.signal(tree.ref, "SIGTERM");
  look = await lookUntilEmpty(tree, { clock, graceMs: terminatingMs });
  if (isEmpty(look)) return ended(look, "SIGTERM");
  const kill = () => tree.host.signal(tree.ref, "SIGKILL");
  look = await lookUntilEmpty(tree, { clock, graceMs: verifyMs, before: kill });
  return ended(look, tree.ref.containment === "cgroup" ? "cgroup.kill" : "SIGKILL");
}

interface Grace {
  readonly clock: Clock;
  readonly graceMs: number;
  /** Done before each look: a tree forks while it is killed (LP-35). */
  readonly before?: () => Promise<unknown>;
}

async function lookUntilEmpty(tree: StartedTree, { clock, graceMs, before }: Grace): Promise<TreeLook> {
  let look: TreeLook = { survivors: [], unreaped: [], doubtful: [] };
  const isGone = async () => {
    await before?.();
    look = await tree.host.look(tree.ref);
    return isEmpty(look);
  };
  await repeatUntil(isGone, { clock, deadline: clock.now() + graceMs });
  return look;
}

function isEmpty({ survivors, doubtful }: TreeLook): boolean {
  return survivors.length === 0 && doubtful.length === 0;
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
