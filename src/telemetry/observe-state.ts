import type { BatchObservableResult, Meter } from "@opentelemetry/api";
import type { Subscription, Supervisor } from "../supervisor/face.js";
import { attribute } from "./opentelemetry.js";

/** What there is whenever the meter reads. */
export function observeState(supervisor: Supervisor, meter: Meter): Subscription {
  const gauge = (name: string, unit: string, description: string) =>
    meter.createObservableUpDownCounter(name, { unit, description });
  const counter = (name: string, unit: string, description: string) =>
    meter.createObservableCounter(name, { unit, description });

  const sessions = gauge("mcp.lifecycle.sessions", "{session}", "Sessions that are not closed, by their state.");
  const connections = gauge("mcp.lifecycle.connections", "{connection}", "Connections, by state and transport.");
  const leases = gauge("mcp.lifecycle.leases", "{lease}", "Leases that are held.");
  const ledger = gauge("mcp.lifecycle.ledger", "{ledger}", "1 for the state that the ledger is in.");
  const guardian = gauge("mcp.lifecycle.guardian", "{guardian}", "1 for the state that the guardian is in.");
  const netUsed = counter("mcp.lifecycle.net_used", "{connection}", "Connections ended because a machine failed.");
  const failures = counter("mcp.lifecycle.ledger.failures", "{record}", "Records that could not be written.");
  const losses = counter("mcp.lifecycle.guardian.losses", "{guardian}", "How often the guardian died.");
  const all = [sessions, connections, leases, ledger, guardian, netUsed, failures, losses];

  const census = [sessions, connections, ledger, guardian].map((instrument) => ({ instrument, seen: new Census() }));
  const observe = (result: BatchObservableResult) => {
    const inspection = supervisor.inspect();
    const { recovery } = inspection;
    const now = new Map<unknown, Attributes[]>([
      [sessions, inspection.sessions.map(({ state }) => ({ [attribute.state]: state }))],
      [connections, inspection.sessions.flatMap((session) => session.connections).map(attributesOf)],
      [ledger, [{ [attribute.state]: recovery.ledger.state }]],
      [guardian, [{ [attribute.state]: recovery.guardian.state }]],
    ]);
    for (const { instrument, seen } of census) {
      for (const { count, of } of seen.count(now.get(instrument) ?? [])) result.observe(instrument, count, of);
    }
    result.observe(
      leases,
      inspection.sessions.reduce((sum, session) => sum + session.leases.length, 0),
    );
    result.observe(netUsed, inspection.netUsed);
    result.observe(failures, recovery.ledger.failures);
    result.observe(losses, recovery.guardian.losses);
  };
  meter.addBatchObservableCallback(observe, all);
  const dispose = () => meter.removeBatchObservableCallback(observe, all);
  return { dispose, [Symbol.dispose]: dispose };
}

type Attributes = Readonly<Record<string, string>>;

function attributesOf({ state, kind }: { readonly state: string; readonly kind: string }): Attributes {
  return { [attribute.state]: state, [attribute.transport]: kind };
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
