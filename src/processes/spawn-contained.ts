import { SpawnError } from "../errors/index.js";
import type { TreeRef } from "../ports/process-host.js";
import type { ContainmentLadder } from "./containment/choose-containment.js";
import type { Containment } from "./containment/containment.js";
import { type SpawnedLeader, spawnLeader, type SpawnLeaderOptions } from "./spawn-leader.js";

/** A tree of which there is a first process. */
export interface BornTree extends SpawnedLeader {
  readonly ref: TreeRef;
}

export interface SpawnContainedOptions extends Pick<SpawnLeaderOptions, "spec" | "table" | "platform"> {
  /** As for a leader; once more, should it have to be started at another level. */
  readonly onBorn: (tree: BornTree) => void;
}

/**
 * Starts a tree at the best level that can be had for it. Only what has to do with containment is a reason to try the next: a program that
 * does not exist exists at none. Rejects with `SpawnError`, when nothing of it is left.
 */
export async function spawnContained(ladder: ContainmentLadder, options: SpawnContainedOptions): Promise<BornTree> {
  const [best, next, ...rest] = ladder;
  try {
    return await spawnAt(best, options);
  } catch (error) {
    if (next === undefined || !isOfContainment(error)) throw error;
    return await spawnContained([next, ...rest], options);
  }
}

async function spawnAt(level: Containment, { onBorn, ...options }: SpawnContainedOptions): Promise<BornTree> {
  const { spec } = options;
  const launch = await level.prepare(spec);
  const treeOf = (leader: SpawnedLeader): BornTree => ({
    ...leader,
    ref: { ...level.placeOf(spec.cookie), leader: leader.identity, cookie: spec.cookie },
  });
  try {
    return treeOf(await spawnLeader({ ...options, launch, onBorn: (leader) => onBorn(treeOf(leader)) }));
  } catch (error) {
    level.undo(spec.cookie);
    throw error;
  }
}

function isOfContainment(error: unknown): boolean {
  return error instanceof SpawnError && (error.field === "containment" || error.field === "env");
}
