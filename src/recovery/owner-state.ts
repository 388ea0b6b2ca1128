import type { ProcessIdentity } from "../ports/index.js";
import type { ProcessTable } from "../processes/index.js";

/** `unknown`: there is such a process, and it is kept from us. */
export type OwnerState = "alive" | "dead" | "unknown";

/** Of a gateway, by pid and start time. Ask the table for its `pids` first. */
export function ownerState({ pid, startTime }: ProcessIdentity, table: ProcessTable): OwnerState {
  const seen = table.read(pid);
  if (seen === "unreadable") return "unknown";
  return seen === "gone" || seen.startTime !== startTime || seen.state === "zombie" ? "dead" : "alive";
}
