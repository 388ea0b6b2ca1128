import type { BatchObservableResult, Meter } from "@opentelemetry/api";
import type { Subscription, Supervisor } from "../supervisor/face.js";
import type { Inspection } from "../supervisor/inspection.js";
import type { ConnectionReceipt } from "../supervisor/receipts.js";
import { lastMeans } from "./means.js";
import { attribute } from "./opentelemetry.js";
import { together } from "./subscriptions.js";

/** From what a quick DELETE takes to the longest graces. */
const secondsBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/**
 * Measures a supervisor: `mcp.lifecycle.sessions`, `.connections` and `.leases` as they are whenever the meter reads, `.open.duration` and
 * `.dispose.duration` in seconds, and what should stay at 0: `.leaked`, `.lease.overdue`, `.net_used`. Their attributes are states, server names and
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

function observeState(supervisor: Supervisor, meter: Meter): Subscription {
  const sessions = meter.createObservableUpDownCounter("mcp.lifecycle.sessions", {
    unit: "{session}",
    description: "Sessions that are not closed, by the state of their machine.",
  });
  const connections = meter.createObservableUpDownCounter("mcp.lifecycle.connections", {
    unit: "{connection}",
    description: "Connections in custody, by state and transport.",
  });
  const leases = meter.createObservableUpDownCounter("mcp.lifecycle.leases", {
    unit: "{lease}",
    description: "Leases that are held.",
  });
  const netUsed = meter.createObservableCounter("mcp.lifecycle.net_used", {
    unit: "{connection}",
    description:
      "Connections that custody had to end because a machine failed; any number but 0 is a defect of mcp-lifecycle.",
  });
  const sessionCensus = new Census();
  const connectionCensus = new Census();
  const observe = (result: BatchObservableResult) => {
    const inspection = supervisor.inspect();
    for (const { count, of } of sessionCensus.count(sessionStates(inspection))) result.observe(sessions, count, of);
    for (const { count, of } of connectionCensus.count(connectionStates(inspection))) {
      result.observe(connections, count, of);
    }
    result.observe(
      leases,
      inspection.sessions.reduce((sum, session) => sum + session.leases.length, 0),
    );
    result.observe(netUsed, inspection.netUsed);
  };
  const all = [sessions, connections, leases, netUsed];
  meter.addBatchObservableCallback(observe, all);
  const dispose = () => meter.removeBatchObservableCallback(observe, all);
  return { dispose, [Symbol.dispose]: dispose };
}

type Attributes = Readonly<Record<string, string>>;

function sessionStates({ sessions }: Inspection): Attributes[] {
  return sessions.map(({ state }) => ({ [attribute.state]: state }));
}

function connectionStates({ sessions }: Inspection): Attributes[] {
  return sessions.flatMap(({ connections }) =>
    connections.map(({ state, kind }) => ({ [attribute.state]: state, [attribute.transport]: kind })),
  );
}

/**
 * How many of each there are, 0 for what there was before: a meter goes on telling the last number that it was told, and a series that vanishes is no 0
 * for whoever watches it.
 */
class Census {
  readonly #known = new Map<string, Attributes>();

  count(all: readonly Attributes[]): { readonly of: Attributes; readonly count: number }[] {
    const counts = new Map<string, number>();
    for (const of of all) {
      const key = JSON.stringify(of);
      this.#known.set(key, of);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...this.#known].map(([key, of]) => ({ of, count: counts.get(key) ?? 0 }));
  }
}

/** A process here, or an HTTP session that a server may still keep. */
function placeOf({ survivors, doubtful }: ConnectionReceipt): "local" | "remote" {
  return survivors.length > 0 || doubtful.length > 0 ? "local" : "remote";
}
