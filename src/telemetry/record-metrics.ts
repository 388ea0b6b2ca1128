import type { Meter } from "@opentelemetry/api";
import type { Subscription, Supervisor } from "../supervisor/face.js";
import type { ConnectionReceipt } from "../supervisor/receipts.js";
import { lastMeans } from "./means.js";
import { observeState } from "./observe-state.js";
import { attribute } from "./opentelemetry.js";
import { together } from "./subscriptions.js";

/** From what a quick DELETE takes to the longest graces. */
const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Measures a supervisor: `mcp.lifecycle.sessions`, `.connections` and `.leases` as they are whenever the meter reads, `.open.duration` and
 * `.dispose.duration` in seconds, and what should stay at 0: `.leaked`, `.lease.overdue`, `.net_used`,
 * `.ledger.failures`, `.guardian.losses`. Their attributes are states, server names and
 * the like, never a session's key.
 */
export function recordMetrics(supervisor: Supervisor, meter: Meter): Subscription {
  const seconds = { unit: "s", advice: { explicitBucketBoundaries: secondsBuckets } };
  const opened = meter.createHistogram("mcp.lifecycle.open.duration", {
    ...seconds,
    description: "From the start of an opening to its success, or to the end of what it left.",
  });
  const disposed = meter.createHistogram("mcp.lifecycle.dispose.duration", {
    ...seconds,
    description: "From the begin of a session's end to its proof, or to the report of a leak.",
  });
  const leaked = meter.createCounter("mcp.lifecycle.leaked", {
    unit: "{connection}",
    description: "Connections that could not be proved gone; proved later or not.",
  });
  const overdue = meter.createCounter("mcp.lifecycle.lease.overdue", {
    unit: "{lease}",
    description: "Leases held longer than leaseWarnMs.",
  });
  const openingSince = new Map<string, number>();

  return together([
    observeState(supervisor, meter),
    supervisor.on("connection", ({ connection, server, kind, state, at, receipt }) => {
      if (state === "opening") openingSince.set(connection, at);
      const since = openingSince.get(connection);
      if (since === undefined || (state !== "open" && state !== "closed")) return;
      openingSince.delete(connection);
      const outcome = state === "open" ? "opened" : receipt?.failure === undefined ? "aborted" : "failed";
      opened.record(Math.max(0, at - since) / 1_000, {
        [attribute.server]: server,
        [attribute.transport]: kind,
        [attribute.outcome]: outcome,
      });
    }),
    supervisor.on("receipt", ({ reason, outcome, connections, startedAt, endedAt }) => {
      disposed.record(Math.max(0, endedAt - startedAt) / 1_000, {
        [attribute.reason]: reason,
        [attribute.outcome]: outcome,
        [attribute.means]: lastMeans(connections),
      });
    }),
    supervisor.on("leaked", (receipt) => {
      leaked.add(1, {
        [attribute.server]: receipt.server,
        [attribute.transport]: receipt.kind,
        [attribute.place]: placeOf(receipt),
      });
    }),
    supervisor.on("lease", ({ state }) => {
      if (state === "overdue") overdue.add(1);
    }),
  ]);
}

/** A process here, or an HTTP session that a server may still keep. */
function placeOf({ survivors, doubtful }: ConnectionReceipt): "local" | "remote" {
  return survivors.length > 0 || doubtful.length > 0 ? "local" : "remote";
}
