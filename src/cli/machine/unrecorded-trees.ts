import type { CountedProcess } from "../../processes/census.js";
import { isAdopter } from "./adopters.js";
import { isCookie, markedTree, type Sight } from "./tree-view.js";
import type { TreeView } from "./views.js";

/** A tree that no record tells of. */
export interface UnrecordedTree {
  readonly tree: TreeView;
  /** Pid of the process that started it, where that lives: a gateway without a ledger. */
  readonly owner: number | undefined;
}

/** Trees of processes that carry a cookie of ours which is in no record. */
export function unrecordedTrees({ census, table, self }: Sight, recorded: ReadonlySet<string>): UnrecordedTree[] {
  const byCookie = new Map<string, CountedProcess[]>();
  for (const process of census.processes.values()) {
    if (process.pid === self) continue;
    for (const cookie of process.cookies.filter((name) => isCookie(name) && !recorded.has(name)))
      byCookie.set(cookie, [...(byCookie.get(cookie) ?? []), process]);
  }
  return [...byCookie].map(([cookie, members]) => ({
    tree: markedTree(cookie, members, table),
    owner: ownerOf(members, census.processes),
  }));
}

/** Who started a member and is none himself. Init takes orphans in, and owns none of them. */
function ownerOf(
  members: readonly CountedProcess[],
  processes: ReadonlyMap<number, CountedProcess>,
): number | undefined {
  const pids = new Set(members.map(({ pid }) => pid));
  const parents = members.flatMap(({ ppid }) => (pids.has(ppid) ? [] : (processes.get(ppid) ?? [])));
  return parents.find((parent) => !isAdopter(parent))?.pid;
}
