import type { ProcessIdentity, SignalReport, TreeSignal } from "../ports/process-host.js";
import type { TreeMembers } from "./find-members.js";
import type { ProcessTable } from "./process-table.js";
import { isLeaderPinned, type TreeRecord } from "./tree-record.js";

/** How a signal is given to the system; `process.kill`. */
export type Kill = (pid: number, signal: HostSignal | 0) => void;

/** What a host sends: the closing path's signals, and the one that keeps a tree still while it is counted. */
export type HostSignal = TreeSignal | "SIGSTOP";

export interface SignalMembersOptions {
  readonly table: ProcessTable;
  readonly kill: Kill;
  readonly record: TreeRecord;
  /** Found in this same turn of the event loop, so that nobody was reaped by node since. */
  readonly members: TreeMembers;
  readonly signal: HostSignal;
}

/**
 * Signals the members that a search just proved. The leader's group is signalled as a whole while the leader is our child and not
 * reaped, for then nobody else can have its number; the kernel does that atomically, so that no child born meanwhile is missed.
 * That is why the group comes first. Everybody else is signalled alone, after a last look at the start time: between that look
 * and the signal a pid would have to be freed and given out again, which takes a full turn through all pids.
 */
export function signalMembers({ table, kill, record, members, signal }: SignalMembersOptions): SignalReport {
  const signalled: number[] = [];
  const refused: { pid: number; code: string }[] = [];
  const note = (pid: number, code: string | undefined) => {
    if (code === undefined) signalled.push(pid);
    else if (code !== "ESRCH") refused.push({ pid, code });
  };

  const running = members.proved.filter(({ state }) => state === "running");
  const group =
    members.leader !== undefined && record.leadsGroup && isLeaderPinned(record) ? members.leader.pid : undefined;
  const inGroup = running.filter(({ pgid }) => pgid === group);
  if (group !== undefined && inGroup.length > 0) {
    // kill(2) of a group succeeds if one of it could be signalled; signal 0 tells who could not.
    for (const { pid } of inGroup) note(pid, attempt(kill, pid, 0));
    attempt(kill, -group, signal);
  }
  for (const member of running.filter(({ pgid }) => pgid !== group)) {
    note(member.pid, signalIfStillThere({ table, kill }, member, signal));
  }
  return { signalled, refused };
}

/** SIGKILL: to the tree's cgroup at one instant, so that nobody is forked past it, and to whoever of the tree is outside of it. */
export function killMembers({ members, ...rest }: Omit<SignalMembersOptions, "signal">): SignalReport {
  const inside = rest.record.cgroup?.kill(rest.kill) ?? [];
  const outside = { ...members, proved: members.proved.filter(({ pid }) => !inside.includes(pid)) };
  const { signalled, refused } = signalMembers({ ...rest, members: outside, signal: "SIGKILL" });
  return { signalled: [...inside, ...signalled], refused };
}

/** Signals the leader's group unseen, for when the process table cannot be read. False if that would not be safe. */
export function signalPinnedGroup(kill: Kill, record: TreeRecord, signal: HostSignal): boolean {
  return record.leadsGroup && isLeaderPinned(record) && attempt(kill, -record.ref.leader.pid, signal) === undefined;
}

/** Signals one process, after a last look at its start time. Gives the system's error code, if there is one. */
export function signalIfStillThere(
  { table, kill }: Pick<SignalMembersOptions, "table" | "kill">,
  { pid, startTime }: ProcessIdentity,
  signal: HostSignal,
): string | undefined {
  return table.startTimeOf(pid) === startTime ? attempt(kill, pid, signal) : "ESRCH";
}

/** The system's error code, if it did not let us. */
function attempt(kill: Kill, pid: number, signal: HostSignal | 0): string | undefined {
  try {
    kill(pid, signal);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "EUNKNOWN";
  }
}
