import type { SessionReceipt } from "../../src/supervisor/receipts.js";
import type { Announcements } from "./announcements.js";
import type { Host } from "./host.js";

/** What of a life the receipts are compared with. */
export interface Announced {
  readonly host: Host;
  readonly announcements: Announcements;
  /** Whether only an end that was given little time may be reported as leaked. */
  readonly isEndable: boolean;
  /** The gateway was killed: what it would have proved later nobody says any more. */
  readonly wasKilled?: boolean;
}

/** One sentence for each thing that must be true of a receipt and is not. */
export function problemsOf(
  receipt: SessionReceipt,
  { host, announcements, isEndable, wasKilled = false }: Announced,
): string[] {
  const { session, connections } = receipt;
  const problems: string[] = [];
  const receipts = announcements.receipts.filter((other) => other.session === session);
  if (receipts.length !== 1) problems.push(`${receipts.length} receipts`);

  const disposals = announcements.disposals(session);
  // One that never had anything is through within one step of its machine, and nobody sees it dispose.
  if (disposals > 1 || (disposals === 0 && connections.length > 0)) problems.push(`disposed ${disposals} times`);
  if (announcements.reasons(session).size !== 1) problems.push("not one terminal state");
  if (receipt.netUsed) problems.push("the net was used");

  const leaked = connections.filter(({ outcome }) => outcome === "leaked").map(({ id }) => id);
  const isHurried = [...host.sessions].some((each) => each.id === session && host.isHurried(each));
  if (isEndable && receipt.outcome !== "closed" && !isHurried) problems.push(`leaked ${leaked.join(", ")}`);

  const recoveries = announcements.recoveries.filter(({ recovers }) => recovers === receipt.id);
  const isOwed = wasKilled && recoveries.length === 0;
  if (!isOwed && recoveries.length !== (leaked.length > 0 ? 1 : 0))
    problems.push(`${recoveries.length} recoveries of ${leaked.length} leaked connection(s)`);
  return problems.map((problem) => `${session}: ${problem}`);
}

/** One sentence for each session that did not end; `settle` lets what is over say so. */
export async function unended({ sessions }: Host, settle: () => Promise<void>): Promise<string[]> {
  const ended = new Set<string>();
  for (const session of sessions) void session.ended.then(() => ended.add(session.id));
  await settle();
  return [...sessions].filter(({ id }) => !ended.has(id)).map(({ id, state }) => `${id} never ended: it is ${state}`);
}

/** One sentence for each thing that a supervisor still knows when everything is over. */
export function remembered({ supervisor }: Host): string[] {
  const { sessions, admission, netUsed } = supervisor.inspect();
  const known = sessions.map(({ id, state }) => `the supervisor still knows ${id} as ${state}`);
  if (admission.trees > 0) known.push(`admission still counts ${admission.trees} tree(s)`);
  if (netUsed > 0) known.push(`the net was used ${netUsed} times`);
  return known;
}
