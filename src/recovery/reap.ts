import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { Clock, ProcessIdentity, TreeSignal } from "../ports/index.js";
import type { Kill } from "../processes/signal-members.js";
import type { ProcessTable } from "../processes/process-table.js";
import { type Census, takeCensus } from "../processes/census.js";
import { repeatUntil } from "../processes/repeat-until.js";
import { signalIfStillThere } from "../processes/signal-members.js";
import { removeAbandonedFolders } from "./abandoned-folders.js";
import { endRemotes, noteTry } from "./end-remotes.js";
import { cgroupOf, heldByCgroups } from "./held-by.js";
import { type PidScope, pidScope } from "./gateway-identity.js";
import { ownerState } from "./owner-state.js";
import { type Decision, ownerKey, plan, type Situation } from "./plan.js";
import { type FiledEntry, type FiledRemote, type LedgerRecords, readLedgers, setAside } from "./read-ledgers.js";
import { concluded, findingOfBad, planned, type ReapFinding } from "./reap-finding.js";
import { removeEntry } from "./remove-entry.js";

export type { ReapFinding } from "./reap-finding.js";

export interface ReapOptions extends Omit<SweepOptions, "records" | "scope" | "self"> {
  readonly directory: string;
  /** Names of folders of gateways in it. Default: all of them. */
  readonly only?: readonly string[] | undefined;
}

export interface SweepOptions {
  readonly records: LedgerRecords;
  /** Pid of who sweeps. */
  readonly self: number;
  /** Where its pids mean what they say. */
  readonly scope: PidScope;
  readonly clock: Clock;
  readonly table: ProcessTable;
  readonly kill: Kill;
  /** By which HTTP sessions are deleted. Default: the global one. */
  readonly fetch?: FetchLike | undefined;
  /** Looks and tells; signals nobody and changes no file. */
  readonly dryRun?: boolean | undefined;
}

/** From the first look until SIGKILL. Its servers have had the end of their input since their gateway died. */
const terminatingMs = 500;
/** From the first look until who is only doubtful is given up: an exiting process has no environment any more, and may take a while. */
const doubtfulMs = 2_000;
/** From the first look until what is left is given up. */
const limitMs = 5_000;

/** Ends what dead gateways left, by the ledgers in a directory; see `sweep`. */
export async function reap({ directory, only, ...options }: ReapOptions): Promise<ReapFinding[]> {
  const records = { read: () => readLedgers(directory, only), setAside, remove: removeEntry, noteTry };
  const findings = await sweep({ ...options, records, self: process.pid, scope: pidScope() });
  if (only === undefined && options.dryRun !== true) await removeAbandonedFolders(directory, options);
  return findings;
}

/**
 * Ends what dead gateways left, by their records: SIGTERM at the first look, SIGKILL at later ones, until a look finds nothing; then the
 * record goes, and the server's `afterClose` runs. HTTP sessions are deleted meanwhile. Rejects with `ProcessTableError` where nothing can be proved.
 */
export async function sweep(options: SweepOptions): Promise<ReapFinding[]> {
  const { records, scope, dryRun = false, table } = options;
  const { entries, remotes = [], bad } = await records.read();
  const findings = bad.map(findingOfBad);
  const gateways = gatewaysOf([...entries, ...remotes], table);
  const decisions = plan(situationOf(entries, options, gateways));
  const deleting = endRemotes(remotes, options, { scope, gateways });
  if (dryRun) return [...findings, ...decisions.map((decision) => planned(decision, table)), ...(await deleting)];
  for (const file of bad) await records.setAside(file);
  return [...findings, ...(await perform(decisions, options, gateways)), ...(await deleting)];
}

async function perform(
  first: readonly Decision[],
  options: SweepOptions,
  gateways: Situation["gateways"],
): Promise<ReapFinding[]> {
  const { clock, table } = options;
  const startedAt = clock.now();
  const findings: Promise<ReapFinding>[] = [];
  const known = new Map<string, ReadonlyMap<number, string>>();
  let decisions = first;
  let waiting: readonly Decision[] | undefined;
  const isOver = () => {
    if (waiting !== undefined) decisions = plan(situationOf(waiting, options, gateways, known));
    const tookMs = clock.now() - startedAt;
    // In the turn of the look, so that who is signalled was seen just now. What is killed has been looked at twice: the first is SIGTERM's.
    const mayKill = waiting !== undefined && tookMs >= terminatingMs;
    const open = decisions.filter((decision) => decision.verdict === "end");
    if (mayKill) for (const { entry } of open) cgroupOf(entry)?.kill(options.kill);
    for (const { signals } of open) sendAll(signals, mayKill ? "SIGKILL" : "SIGTERM", options);
    for (const decision of decisions) {
      if (decision.verdict === "end" && !isGivenUp(decision, tookMs)) continue;
      const finding = concluded(decision, { wasSignalled: known.has(decision.file), table });
      findings.push(conclude(decision, finding, options));
    }
    const stay = open.filter((decision) => !isGivenUp(decision, tookMs));
    for (const decision of stay) known.set(decision.file, decision.known);
    waiting = stay;
    return waiting.length === 0;
  };
  await repeatUntil(isOver, { clock });
  return await Promise.all(findings);
}

/** Its record goes, once there is proof; and who removed it runs what was to run then, so that nobody else does. */
async function conclude(
  decision: Decision,
  finding: ReapFinding,
  { records, clock }: SweepOptions,
): Promise<ReapFinding> {
  if (decision.verdict !== "gone") return finding;
  cgroupOf(decision.entry)?.remove();
  const isOurs = await records.remove(decision);
  if (isOurs === false || decision.entry.afterClose === undefined) return finding;
  // Only now: it brings what starts servers with it.
  const { runAfterClose } = await import("./run-after-close.js");
  return { ...finding, afterClose: await runAfterClose(decision.entry, clock) };
}

/** Who is only doubtful gets no signal, and so will not end by one. */
function isGivenUp({ signals }: { readonly signals: readonly unknown[] }, tookMs: number): boolean {
  return tookMs >= (signals.length === 0 ? doubtfulMs : limitMs);
}

function gatewaysOf(filed: readonly (FiledEntry | FiledRemote)[], table: ProcessTable): Situation["gateways"] {
  table.pids();
  return new Map(filed.map(({ entry: { owner } }) => [ownerKey(owner), ownerState(owner, table)]));
}

function situationOf(
  entries: readonly FiledEntry[],
  { table, self, scope }: SweepOptions,
  gateways: Situation["gateways"],
  known?: Situation["known"],
): Situation & { readonly entries: readonly FiledEntry[] } {
  const dead = entries.filter(({ entry }) => gateways.get(ownerKey(entry.owner)) === "dead");
  // Who is older than a gateway is in none of its trees.
  const bornSince = Math.min(...dead.map(({ entry }) => table.ageOrder(entry.owner.startTime)));
  const nobody: Census = { processes: new Map(), settled: true };
  const census = dead.length === 0 ? nobody : takeCensus(table, { bornSince });
  const filed = entries.map(({ folder, file, entry }) => ({ folder, file, entry }));
  return { entries: filed, census, scope, self, gateways, known, held: heldByCgroups(dead) };
}

function sendAll(targets: readonly ProcessIdentity[], signal: TreeSignal, { table, kill }: SweepOptions): void {
  for (const target of targets) signalIfStillThere({ table, kill }, target, signal);
}
