import type { ChildProcess } from "node:child_process";
import type { TreeRef } from "../ports/process-host.js";
import type { Cgroup } from "./containment/cgroup.js";
import { recognisedCgroup } from "./containment/recognised-cgroup.js";
import type { PidOrder, ProcessTable } from "./process-table.js";
import type { SpawnedLeader } from "./spawn-leader.js";

/** What a host remembers of a tree. */
export interface TreeRecord {
  readonly ref: TreeRef;
  /** Who is in it is ours. */
  readonly cgroup?: Cgroup | undefined;
  /** Members seen before, by pid, with their start times: who is known stays ours whatever he sheds. */
  known: ReadonlyMap<number, string>;
  /** Sessions that a member has led. */
  readonly sessions: Set<number>;
  /** When everybody was last looked at for it, by the host's clock. */
  countedAt: number;
  /** Whether the leader leads its process group. */
  leadsGroup: boolean;
  /** When the leader had its pid to itself, by the table's `ageOrder`: whoever was born in its session then is ours. */
  reign: { readonly from: number; readonly until: number } | undefined;
  /** The leader, where this host started it. */
  readonly child?: ChildProcess | undefined;
  /** Of the moment before the leader was started, where this host started it. */
  readonly before?: PidOrder | undefined;
}

/** A record that knows no more than its leader. */
export function createTreeRecord(ref: TreeRef, born?: Pick<SpawnedLeader, "child" | "before">): TreeRecord {
  // What carries a cookie was spawned by a host: the leader of its own group and session.
  const spawned = ref.cookie !== undefined;
  return {
    ref,
    cgroup: recognisedCgroup(ref.cgroup, ref.cookie),
    known: new Map([[ref.leader.pid, ref.leader.startTime]]),
    sessions: new Set(spawned ? [ref.leader.pid] : []),
    countedAt: -Infinity,
    leadsGroup: spawned,
    reign: undefined,
    child: born?.child,
    before: born?.before,
  };
}

/** Whether no other process can have the leader's pid: it is our child, and node has not collected its exit status. */
export function isLeaderPinned({ child }: TreeRecord): boolean {
  return child?.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

/** The leader has been collected this moment. */
export function reignOf({ ref }: TreeRecord, table: ProcessTable): TreeRecord["reign"] {
  const until = table.now();
  return until === undefined ? undefined : { from: table.ageOrder(ref.leader.startTime), until };
}

/** One text for a tree, whoever holds the reference. */
export function treeKey(tree: Pick<TreeRef, "leader" | "cookie"> | { readonly cookie: string }): string {
  return "leader" in tree ? (tree.cookie ?? `${tree.leader.pid}:${tree.leader.startTime}`) : tree.cookie;
}
