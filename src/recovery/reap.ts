import type { Clock, ObservedProcess, ProcessIdentity, TreeSignal } from "../ports/index.js";
import { type Kill, type ProcessTable } from "../processes/index.js";
import { type Census, takeCensus } from "../processes/census.js";
import { observe } from "../processes/observe.js";
import { signalIfStillThere } from "../processes/signal-members.js";
import { type PidScope, pidScope } from "./gateway-identity.js";
import { type Decision, type OwnerState, ownerKey, plan, type Situation } from "./plan.js";
import { type BadFile, type FiledEntry, type LedgerRecords, readLedgers, setAside } from "./read-ledgers.js";
import { removeEntry } from "./remove-entry.js";

export interface ReapOptions extends Omit<SweepOptions, "records" | "scope" | "self"> {
  readonly directory: string;
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
  /** Looks and tells; signals nobody and changes no file. */
  readonly dryRun?: boolean | undefined;
}

/** What was found of one record, and what became of it. */
export interface ReapFinding {
  readonly file: string;
  readonly server?: string | undefined;
  readonly connectionId?: string | undefined;
  /**
   * `bad`: not believed. `left-alone`: not ours to end. `gone`: nothing of it was there. `to-end`: would be ended (dry run). `ended`: proved gone
   * after signals. `left`: not proved gone, its record stays.
   */
  readonly verdict: "bad" | "left-alone" | "gone" | "to-end" | "ended" | "left";
  readonly because: string;
  /** Who would be signalled, or is left. */
  readonly processes: readonly ObservedProcess[];
}

/** From the first look until SIGKILL. Its servers have had the end of their input since their gateway died. */
const terminatingMs = 500;
/** From the first look until who is only doubtful is given up: an exiting process has no environment any more, and may take a while. */
const doubtfulMs = 2_000;
/** From the first look until what is left is given up. */
const limitMs = 5_000;
const shortestPauseMs = 10;
const longestPauseMs = 100;

/** Ends what dead gateways left, by the ledgers in a directory; see `sweep`. */
export function reap({ directory, ...options }: ReapOptions): Promise<ReapFinding[]> {
  const records = { read: () => readLedgers(directory), setAside, remove: removeEntry };
  return sweep({ ...options, records, self: process.pid, scope: pidScope() });
}

/**
 * Ends what dead gateways left, by their records: SIGTERM at the first look, SIGKILL at later ones, until a look finds nothing; then the
 * record goes. Rejects with `ProcessTableError` where nothing can be proved.
 */
export async function sweep(options: SweepOptions): Promise<ReapFinding[]> {
  const { records, clock, dryRun = false } = options;
  const { entries, bad } = await records.read();
  const findings = bad.map(findingOfBad);
  const decisions = plan(situationOf(entries, options));
  if (dryRun) return [...findings, ...decisions.map((decision) => planned(decision, options))];
  for (const file of bad) await records.setAside(file);
  return [...findings, ...(await perform(decisions, options, clock.now()))];
}

async function perform(first: readonly Decision[], options: SweepOptions, startedAt: number): Promise<ReapFinding[]> {
  const { clock, records } = options;
  const findings: ReapFinding[] = [];
  const known = new Map<string, ReadonlyMap<number, string>>();
  let decisions = first;
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    const tookMs = clock.now() - startedAt;
    // In the turn of the look, so that who is signalled was seen just now.
    const open = decisions.filter((decision) => decision.verdict === "end");
    for (const { signals } of open) sendAll(signals, tookMs < terminatingMs ? "SIGTERM" : "SIGKILL", options);
    for (const decision of decisions) {
      if (decision.verdict === "end" && !isGivenUp(decision, tookMs)) continue;
      if (decision.verdict === "gone") await records.remove(decision);
      findings.push(concluded(decision, known.has(decision.file), options));
    }
    const waiting = open.filter((decision) => !isGivenUp(decision, tookMs));
    if (waiting.length === 0) return findings;
    for (const decision of waiting) known.set(decision.file, decision.known);
    await new Promise<void>((resolve) => clock.setTimeout(resolve, pauseMs));
    decisions = plan(situationOf(waiting, options, known));
  }
}

/** Who is only doubtful gets no signal, and so will not end by one. */
function isGivenUp({ signals }: { readonly signals: readonly unknown[] }, tookMs: number): boolean {
  return tookMs >= (signals.length === 0 ? doubtfulMs : limitMs);
}

function situationOf(
  entries: readonly FiledEntry[],
  { table, self, scope }: SweepOptions,
  known?: Situation["known"],
): Situation & { readonly entries: readonly FiledEntry[] } {
  table.pids();
  const gateways = new Map(entries.map(({ entry }) => [ownerKey(entry.owner), ownerState(entry.owner, table)]));
  const dead = entries.filter(({ entry }) => gateways.get(ownerKey(entry.owner)) === "dead");
  // Who is older than a gateway is in none of its trees.
  const bornSince = Math.min(...dead.map(({ entry }) => table.ageOrder(entry.owner.startTime)));
  const nobody: Census = { processes: new Map(), settled: true };
  const census = dead.length === 0 ? nobody : takeCensus(table, { bornSince });
  const filed = entries.map(({ folder, file, entry }) => ({ folder, file, entry }));
  return { entries: filed, census, scope, self, gateways, known };
}

function ownerState({ pid, startTime }: ProcessIdentity, table: ProcessTable): OwnerState {
  const seen = table.read(pid);
  if (seen === "unreadable") return "unknown";
  return seen === "gone" || seen.startTime !== startTime || seen.state === "zombie" ? "dead" : "alive";
}

function sendAll(targets: readonly ProcessIdentity[], signal: TreeSignal, { table, kill }: SweepOptions): void {
  for (const target of targets) signalIfStillThere({ table, kill }, target, signal);
}

function findingOfBad({ file, problem }: BadFile): ReapFinding {
  return { file, verdict: "bad", because: problem, processes: [] };
}

function planned(decision: Decision, options: SweepOptions): ReapFinding {
  if (decision.verdict !== "end") return concluded(decision, false, options);
  return { ...concluded(decision, false, options), verdict: "to-end", because: "its gateway is dead" };
}

function concluded(decision: Decision, wasSignalled: boolean, { table }: SweepOptions): ReapFinding {
  const { file, entry, verdict } = decision;
  const about = { file, server: entry.server, connectionId: entry.connectionId, processes: [] };
  if (verdict === "leave") return { ...about, verdict: "left-alone", because: decision.because };
  if (verdict === "gone") {
    if (wasSignalled) return { ...about, verdict: "ended", because: "its gateway was dead" };
    return { ...about, verdict: "gone", because: decision.because };
  }
  const left = [...decision.signals, ...decision.doubtful].flatMap(({ pid }) => {
    const seen = table.read(pid);
    return typeof seen === "string" ? [] : [observe(seen, table)];
  });
  const because = decision.signals.length > 0 ? "it does not end" : "who is left may be of it, and is not proved so";
  return { ...about, verdict: "left", because, processes: left };
}
