import { basename } from "node:path";
import { deleteSession } from "./delete-session.js";
import { replaceFile } from "./ledger-folder.js";
import { textOf } from "./parse-entry.js";
import { leaveBecause, type Situation } from "./plan.js";
import { aboutOf, type ReapFinding } from "./reap-finding.js";
import type { FiledRemote } from "./read-ledgers.js";
import type { SweepOptions } from "./reap.js";

/** As often as a gateway tries before it gives a session up as unconfirmed. */
const triesAtMost = 5;

/** Deletes the HTTP sessions of dead gateways, side by side. Never rejects. */
export async function endRemotes(
  remotes: readonly FiledRemote[],
  options: Pick<SweepOptions, "clock" | "dryRun" | "fetch" | "records">,
  situation: Pick<Situation, "scope" | "gateways">,
): Promise<ReapFinding[]> {
  return await Promise.all(remotes.map((filed) => endRemote(filed, options, situation)));
}

async function endRemote(
  filed: FiledRemote,
  {
    clock,
    dryRun = false,
    fetch = globalThis.fetch,
    records,
  }: Pick<SweepOptions, "clock" | "dryRun" | "fetch" | "records">,
  situation: Pick<Situation, "scope" | "gateways">,
): Promise<ReapFinding> {
  const { entry } = filed;
  const about = { ...aboutOf(filed), url: entry.remote.url };
  const alone = leaveBecause(entry.owner, situation);
  if (alone !== undefined) return { ...about, verdict: "left-alone", because: alone };
  if (dryRun) return { ...about, verdict: "to-end", because: "its gateway is dead" };
  const problem = await deleteSession(entry, { fetch, clock });
  if (problem === undefined) {
    await records.remove(filed);
    return { ...about, verdict: "ended", because: "its gateway was dead" };
  }
  const tries = entry.tries + 1;
  if (tries < triesAtMost) {
    await records.noteTry(filed, tries);
    return { ...about, verdict: "left", because: problem };
  }
  await records.remove(filed);
  return { ...about, verdict: "left", because: `${problem}. It was tried ${tries} times, and is given up` };
}

/** Counts in the file: what a later sweep reads. Never rejects. */
export async function noteTry({ folder, file, entry }: FiledRemote, tries: number): Promise<void> {
  await replaceFile(folder, basename(file), textOf({ ...entry, tries })).catch(() => undefined);
}
