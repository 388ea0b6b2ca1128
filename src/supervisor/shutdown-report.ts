import type { ShutdownReport } from "./face.js";
import type { Means, SessionReceipt } from "./receipts.js";

/** Counts connections, not sessions: what an operator asks is how many servers are gone, and how many had to be killed. */
export function reportOf(receipts: readonly SessionReceipt[]): ShutdownReport {
  const connections = receipts.flatMap((receipt) => receipt.connections);
  const leaked = connections.filter(({ outcome }) => outcome === "leaked").length;
  return {
    closed: connections.length - leaked,
    forced: connections.filter(({ outcome, means }) => outcome !== "leaked" && isForced(means)).length,
    leaked,
    receipts,
  };
}

function isForced(means: Means): boolean {
  return means === "SIGKILL" || means === "cgroup.kill";
}
