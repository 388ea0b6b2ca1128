import type { Census, CountedProcess } from "./census.js";
import type { TreeRecord } from "./tree-record.js";

/** Who belongs to a tree at the time of a census; zombies among them. */
export interface TreeMembers {
  readonly proved: readonly CountedProcess[];
  /** Run, may be ours, and cannot be proved so: never to be signalled (LP-33). */
  readonly doubtful: readonly CountedProcess[];
  /** The leader, if it is there, perhaps as a zombie. */
  readonly leader: CountedProcess | undefined;
}

export interface SearchOptions {
  /** Default: this process. */
  readonly self?: number | undefined;
  /** Who is in the tree's cgroup. Default: read now. */
  readonly held?: ReadonlySet<number> | undefined;
}

/**
 * Finds everything that belongs to a tree, and notes in the record what later searches need. Proved is who
 * is in the tree's cgroup; was known before (by pid and start time); carries the cookie; descends from somebody proved; is in the leader's group while the
 * leader is there (its pid cannot be anybody else's then); or is in a session that a member led and that somebody proved is still
 * in, or that the leader had to itself when he was born: one enters a session by birth only, and its number is not used again while
 * anybody is in it. Nobody searches for a tree that it is in itself: `self` is never a member.
 */
export function findMembers(
  census: Census,
  record: TreeRecord,
  { self = process.pid, held = new Set(record.cgroup?.pids()) }: SearchOptions = {},
): TreeMembers {
  const leader = sameProcess(census, record.ref.leader.pid, record.ref.leader.startTime);
  const ourselves = census.processes.get(self);
  if (leader !== undefined) record.leadsGroup = leader.pgid === leader.pid && leader.pgid !== ourselves?.pgid;
  const proved = new Map<number, CountedProcess>();
  const liveSessions = new Set<number>();

  const prove = (member: CountedProcess) => {
    proved.set(member.pid, member);
    if (member.sid === member.pid && member.sid !== ourselves?.sid) record.sessions.add(member.sid);
    if (record.sessions.has(member.sid)) liveSessions.add(member.sid);
  };
  const isProved = (candidate: CountedProcess) =>
    held.has(candidate.pid) ||
    record.known.get(candidate.pid) === candidate.startTime ||
    (record.ref.cookie !== undefined && candidate.cookies.includes(record.ref.cookie)) ||
    proved.has(candidate.ppid) ||
    liveSessions.has(candidate.sid) ||
    isBornUnder(candidate, record) ||
    (leader !== undefined && record.leadsGroup && candidate.pgid === leader.pid);

  // Each proof may be what proves the next one.
  let unproved = candidates(census, self);
  let before: number;
  do {
    before = proved.size;
    unproved = unproved.filter((candidate) => {
      if (!isProved(candidate)) return true;
      prove(candidate);
      return false;
    });
  } while (proved.size > before);
  record.known = new Map([...proved.values()].map(({ pid, startTime }) => [pid, startTime]));
  const doubtful = unproved.filter(
    (candidate) => candidate.state !== "zombie" && isDoubtful(candidate, census, record),
  );
  return { proved: [...proved.values()], doubtful, leader };
}

/** Born in the session of a leader that still lived, and in it to this day. */
function isBornUnder({ sid, bornAt }: CountedProcess, { ref, sessions, reign }: TreeRecord): boolean {
  if (reign === undefined || sid !== ref.leader.pid || !sessions.has(sid)) return false;
  return reign.from <= bornAt && bornAt <= reign.until;
}

/** Everybody but ourselves, init and the kernel. */
function candidates(census: Census, self: number): CountedProcess[] {
  return [...census.processes.values()].filter(({ pid, state }) => pid > 1 && pid !== self && state !== "kernel");
}

function sameProcess({ processes }: Census, pid: number, startTime: string): CountedProcess | undefined {
  const found = processes.get(pid);
  return found?.startTime === startTime ? found : undefined;
}

/**
 * In a group or session of ours of which nobody proved is left. The number may have been given out again; certainly so, if there is
 * a process with that pid, which is then not ours.
 */
function isDoubtful(
  candidate: CountedProcess,
  { processes }: Census,
  { ref, sessions, leadsGroup }: TreeRecord,
): boolean {
  const inSession = sessions.has(candidate.sid) && !processes.has(candidate.sid);
  const group = ref.leader.pid;
  // A spawned leader has a session of its own, so that who is in "its" group but not in its session is in a later group.
  const sessionTells = candidate.sid !== 0 && sessions.has(group);
  return inSession || (leadsGroup && !sessionTells && candidate.pgid === group && !processes.has(group));
}
