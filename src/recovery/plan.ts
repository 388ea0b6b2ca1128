import type { ProcessIdentity } from "../ports/process-host.js";
import type { Census, CountedProcess } from "../processes/census.js";
import { findMembers } from "../processes/find-members.js";
import { createTreeRecord } from "../processes/tree-record.js";
import type { GatewayIdentity, PidScope } from "./gateway-identity.js";
import type { OwnerState } from "./owner-state.js";
import type { FiledEntry } from "./read-ledgers.js";
import type { HeldBy } from "./held-by.js";
import type { TreeEntry } from "./tree-entry.js";

/** What there is to decide on; plain data. */
export interface Situation {
  readonly entries: readonly FiledEntry[];
  readonly census: Census;
  readonly scope: PidScope;
  /** Who asks: neither it nor whom it descends from is ever signalled. */
  readonly self: number;
  /** Of every owner, by `ownerKey`. */
  readonly gateways: ReadonlyMap<string, OwnerState>;
  /** By file, what former looks proved to be of the tree. */
  readonly known?: ReadonlyMap<string, ReadonlyMap<number, string>> | undefined;
  /** By file, what the kernel says of the tree's cgroup. */
  readonly held?: ReadonlyMap<string, HeldBy> | undefined;
}

/** What is to become of one tree. */
export type Decision = FiledEntry &
  (
    | { readonly verdict: "leave"; readonly because: string }
    /** Nothing of it can be there: its record may go. */
    | { readonly verdict: "gone"; readonly because: string }
    | {
        readonly verdict: "end";
        /** Proved to be of the tree, and running. */
        readonly signals: readonly ProcessIdentity[];
        /** May be of the tree, not proved so: never signalled, and the record stays. */
        readonly doubtful: readonly ProcessIdentity[];
        /** Proved, zombies among them; for the next look. */
        readonly known: ReadonlyMap<number, string>;
      }
  );

/** Whom to signal and whom to leave alone, and why. A pure function; in doubt it leaves alone. */
export function plan(situation: Situation): Decision[] {
  return situation.entries.map((filed) => decide(filed, situation));
}

/** Why nothing that belongs to that gateway is for us to end; `undefined` if it is dead. */
export function leaveBecause(
  owner: GatewayIdentity,
  { scope, gateways }: Pick<Situation, "scope" | "gateways">,
): string | undefined {
  if (owner.bootId !== scope.bootId) return undefined;
  if (owner.pidNamespace !== scope.pidNamespace) return "its gateway is in another pid namespace";
  const state = gateways.get(ownerKey(owner)) ?? "unknown";
  if (state === "dead") return undefined;
  return `its gateway (pid ${owner.pid}) ${state === "alive" ? "lives" : "cannot be seen"}`;
}

export function ownerKey({ pid, startTime }: ProcessIdentity): string {
  return `${pid}:${startTime}`;
}

function decide(filed: FiledEntry, situation: Situation): Decision {
  const { census, scope, self, known } = situation;
  const { owner } = filed.entry;
  const leave = (because: string): Decision => ({ ...filed, verdict: "leave", because });
  if (owner.bootId !== scope.bootId)
    return { ...filed, verdict: "gone", because: "the machine has been restarted since" };
  const because = leaveBecause(owner, situation);
  if (because !== undefined) return leave(because);

  const held = situation.held?.get(filed.file);
  const { proved, doubtful } = membersOf(filed.entry, { census, self, known: known?.get(filed.file), held });
  const line = lineOf(self, census);
  const isOfIt = held?.pids.has(self) || carriesCookie(census.processes.get(self), filed.entry);
  if (isOfIt || proved.some(({ pid }) => line.has(pid))) return leave("this process belongs to that tree");
  const signals = proved.filter(isRunning);
  if (signals.length + doubtful.length === 0 && census.settled && !held?.isPopulated)
    return { ...filed, verdict: "gone", because: "nothing of it is left" };
  return {
    ...filed,
    verdict: "end",
    signals: signals.map(identityOf),
    doubtful: doubtful.map(identityOf),
    known: new Map(proved.map(({ pid, startTime }) => [pid, startTime])),
  };
}

/** What no tree has for a leader: whoever is proved then is so by the cookie, or by descent from who is. */
const nobody: ProcessIdentity = { pid: -1, startTime: "" };

/**
 * A record is only a file. A leader that does not carry the cookie (any more, or because it is a zombie) vouches for nobody: who would
 * be proved by it is doubtful. Its session counts while somebody is in it who is proved by the cookie: it was the leader's own, one enters it
 * by birth only, and its number is not given out again meanwhile.
 */
export function membersOf(
  entry: TreeEntry,
  {
    census,
    self,
    known = new Map(),
    held,
  }: Pick<Situation, "census" | "self"> & {
    known?: ReadonlyMap<number, string> | undefined;
    held?: HeldBy | undefined;
  },
) {
  const search = (leader: ProcessIdentity, session?: number) => {
    const record = createTreeRecord({ containment: "group", leader, cookie: entry.cookie });
    if (session !== undefined) record.sessions.add(session);
    record.known = new Map([...record.known, ...known]);
    return findMembers(census, record, { self, held: held?.pids });
  };
  const { leader } = entry;
  if (leader === undefined) return search(nobody);
  const byLeader = search(leader);
  if (carriesCookie(byLeader.leader, entry)) return byLeader;
  const byCookie = search(nobody, leader.pid);
  const proved = new Set(byCookie.proved.map(({ pid }) => pid));
  const doubtful = [...byLeader.proved, ...byLeader.doubtful].filter(
    (each) => isRunning(each) && !proved.has(each.pid),
  );
  return { proved: byCookie.proved, doubtful };
}

function carriesCookie(process: CountedProcess | undefined, { cookie }: TreeEntry): boolean {
  return process?.cookies.includes(cookie) ?? false;
}

/** Also who is about to exit: it is still there. */
function isRunning({ state }: CountedProcess): boolean {
  return state === "running" || state === "exiting";
}

function identityOf({ pid, startTime }: ProcessIdentity): ProcessIdentity {
  return { pid, startTime };
}

function lineOf(pid: number, { processes }: Census): ReadonlySet<number> {
  const line = new Set<number>();
  for (let next: number | undefined = pid; next !== undefined && !line.has(next); next = processes.get(next)?.ppid)
    line.add(next);
  return line;
}
