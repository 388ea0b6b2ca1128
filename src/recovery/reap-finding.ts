import type { AfterCloseReport, ObservedProcess } from "../ports/index.js";
import type { ProcessTable } from "../processes/index.js";
import { observe } from "../processes/observe.js";
import type { Decision } from "./plan.js";
import type { BadFile, Filed } from "./read-ledgers.js";
import type { Entry } from "./parse-entry.js";

/** What was found of one record, and what became of it. */
export interface ReapFinding {
  readonly file: string;
  readonly server?: string | undefined;
  readonly connectionId?: string | undefined;
  /**
   * `bad`: not believed. `left-alone`: not ours to end. `gone`: nothing of it was there. `to-end`: would be ended (dry run). `ended`: proved gone
   * after signals, or deleted. `left`: not proved gone, its record stays.
   */
  readonly verdict: "bad" | "left-alone" | "gone" | "to-end" | "ended" | "left";
  readonly because: string;
  /** Who would be signalled, or is left. */
  readonly processes: readonly ObservedProcess[];
  /** Of an HTTP session: where it is. */
  readonly url?: string | undefined;
  /** How the command went that was to run once the tree is gone. In a dry run, which one would. */
  readonly afterClose?: AfterCloseReport | { readonly command: string } | undefined;
}

export function findingOfBad({ file, problem }: BadFile): ReapFinding {
  return { file, verdict: "bad", because: problem, processes: [] };
}

/** Of a dry run. */
export function planned(decision: Decision, table: ProcessTable): ReapFinding {
  const finding = concluded(decision, { wasSignalled: false, table });
  const { afterClose } = decision.entry;
  const wouldRun = decision.verdict !== "leave" && afterClose && [afterClose.command, ...afterClose.args].join(" ");
  const also = wouldRun ? { ...finding, afterClose: { command: wouldRun } } : finding;
  return decision.verdict === "end" ? { ...also, verdict: "to-end", because: "its gateway is dead" } : also;
}

export function concluded(
  decision: Decision,
  { wasSignalled, table }: { readonly wasSignalled: boolean; readonly table: ProcessTable },
): ReapFinding {
  const about = aboutOf(decision);
  const { verdict } = decision;
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

/** What every finding says of its record. */
export function aboutOf({ file, entry: { server, connectionId } }: Filed<Entry>) {
  return { file, server, connectionId, processes: [] };
}
