import type { ObservedProcess, ProcessIdentity, TreeRef } from "../../ports/process-host.js";
import type { ProcessTable, VirtualProcess } from "./process-table.js";

/** Who belongs to a tree as far as can be seen from outside; zombies included. */
export interface TreeMembers {
  readonly ours: readonly VirtualProcess[];
  /** In a session that was the tree's and may be somebody else's by now. */
  readonly doubtful: readonly VirtualProcess[];
}

/** What earlier looks at a tree have taught. */
export interface TreeMemory {
  known: readonly ProcessIdentity[];
  /** Ids of sessions that members led. */
  readonly sessions: Set<number>;
}

/**
 * The evidence a real host has, and no more. Ours is who was known before; carries the cookie in an environment that can be read;
 * descends from one of ours; is in the leader's group while the leader is there; or is in a session that a member led and that one
 * of ours is still in.
 */
export function findMembers(table: ProcessTable, tree: TreeRef, memory: TreeMemory): TreeMembers {
  const ours = new Set<VirtualProcess>();
  const proveAll = (members: Iterable<VirtualProcess>) => {
    for (const member of members) ours.add(member);
  };
  for (const identity of [tree.leader, ...memory.known]) {
    const seen = table.findSame(identity);
    if (seen !== undefined) ours.add(seen);
  }
  if (table.findSame(tree.leader) !== undefined) proveAll(table.inGroup(tree.leader.pid));
  if (tree.cookie !== undefined) proveAll(table.withCookie(tree.cookie).filter(({ otherUser }) => !otherUser));
  // The set grows while it is walked: each proof may be what proves the next one.
  for (const member of ours) {
    proveAll(table.childrenOf(member.pid));
    if (member.sid === member.pid) memory.sessions.add(member.sid);
    if (memory.sessions.has(member.sid)) proveAll(table.inSession(member.sid));
  }
  memory.known = [...ours].map(({ pid, startTime }) => ({ pid, startTime }));
  return { ours: [...ours], doubtful: findDoubtful(table, memory, ours) };
}

/** Everything in the tree's cgroup: nobody leaves it. */
export function findCgroupMembers(table: ProcessTable, owner: string): TreeMembers {
  return { ours: table.ownedBy(owner), doubtful: [] };
}

export function observe({ pid, startTime, ppid, pgid, command }: VirtualProcess): ObservedProcess {
  return { pid, startTime, ppid, pgid, command };
}

function findDoubtful(table: ProcessTable, { sessions }: TreeMemory, ours: Set<VirtualProcess>): VirtualProcess[] {
  return [...sessions]
    .filter((sid) => table.find(sid) === undefined)
    .flatMap((sid) => table.inSession(sid).filter((member) => !ours.has(member)));
}
