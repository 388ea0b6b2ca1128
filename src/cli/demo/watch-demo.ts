import { setTimeout as sleep } from "node:timers/promises";
import type { SessionReceipt, Supervisor } from "../../index.js";
import type { DemoEvent } from "./events.js";
import { connectionKey, liveRows } from "./live-rows.js";
import type { OwnedProcess, ProcessCount } from "./process-count.js";
import type { Reporter } from "./reporter.js";
import type { SessionPlan } from "./session-plan.js";

/** Looks at everything several times a second and shows it. */
export interface DemoWatch {
  readonly report: (event: DemoEvent) => void;
  /** Whether a server could not be opened or called. */
  hasFailures(): boolean;
  /** The most processes that one look saw; `undefined` where the process table cannot be read. */
  mostProcesses(): number | undefined;
  /** Shows the last state, and what a last look finds. */
  stop(): Promise<readonly OwnedProcess[] | undefined>;
}

const frameMs = 150;

/** Begins to watch. */
export function watchDemo(watched: {
  readonly supervisor: Supervisor;
  readonly plans: readonly SessionPlan[];
  readonly count: ProcessCount;
  readonly reporter: Reporter;
}): DemoWatch {
  const { supervisor, plans, count, reporter } = watched;
  const stopped = new AbortController();
  const receipts = new Map<string, SessionReceipt>();
  const connections = new Map<string, string>();
  const subscription = supervisor.on("connection", ({ key, server, state }) => {
    connections.set(connectionKey(key, server), state);
  });
  let most: number | undefined;
  let failures = 0;

  async function look() {
    const processes = await count.look();
    if (processes !== undefined) most = Math.max(most ?? 0, processes.length);
    reporter.show(liveRows(plans, { inspection: supervisor.inspect(), connections, receipts, processes }));
    return processes;
  }

  async function repeat(): Promise<void> {
    while (!stopped.signal.aborted) {
      await look();
      await sleep(frameMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  }

  const repeating = repeat();
  return {
    report(event) {
      if (event.event === "failed") failures += 1;
      if (event.event === "receipt") receipts.set(event.receipt.key, event.receipt);
      reporter.report(event);
    },
    hasFailures: () => failures > 0,
    mostProcesses: () => most,
    async stop() {
      stopped.abort();
      await repeating;
      subscription.dispose();
      return await look();
    },
  };
}
