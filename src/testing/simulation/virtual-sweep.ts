import type { GatewayIdentity } from "../../recovery/gateway-identity.js";
import type { LedgerRecords } from "../../recovery/read-ledgers.js";
import { type ReapFinding, sweep } from "../../recovery/reap.js";
import type { Kill } from "../../processes/index.js";
import type { GatewayClock } from "./gateway-clock.js";
import type { GatewayLife } from "./gateway-life.js";
import type { ServerBehaviours } from "./server-behaviour.js";
import type { VirtualDisk } from "./virtual-disk.js";
import { virtualFetch } from "./virtual-fetch.js";
import type { VirtualLedger } from "./virtual-ledger.js";
import type { VirtualHttpSessions } from "./virtual-network.js";
import { VirtualProcessReader } from "./virtual-process-reader.js";
import type { VirtualProcesses } from "./virtual-processes.js";
import type { WorldRecord } from "./world-record.js";

export interface VirtualSweepOptions {
  readonly self: GatewayIdentity;
  readonly life: GatewayLife;
  readonly clock: GatewayClock;
  readonly disk: VirtualDisk;
  readonly ledger: VirtualLedger;
  readonly processes: VirtualProcesses;
  readonly record: WorldRecord;
  readonly sessions: VirtualHttpSessions;
  readonly behaviours: () => ServerBehaviours;
  /** Whether a process is of a tree of a gateway that is dead. */
  readonly mayBeEnded: (owner: string) => boolean;
}

/** What a gateway does at its start, over virtual processes and records: ends what dead ones left. */
export function sweepVirtually(options: VirtualSweepOptions): Promise<ReapFinding[]> {
  const { clock, processes, self } = options;
  const table = new VirtualProcessReader(processes);
  const [records, kill, fetch] = [recordsOf(options), killOf(options), virtualFetch(options)];
  return sweep({ records, self: self.pid, scope: self, clock, table, kill, fetch });
}

function recordsOf({ disk, ledger, life }: VirtualSweepOptions): LedgerRecords {
  return {
    read: () =>
      life.schedule("ledger.read", () => ({ entries: disk.readTrees(), remotes: disk.readRemotes(), bad: [] })),
    setAside: () => Promise.resolve(),
    noteTry: ({ entry }, tries) => life.schedule("ledger.note", () => disk.noteTry(entry.connectionId, tries)),
    // As on a real disk: what cannot be removed is removed by a later sweep.
    remove: ({ entry }) => ledger.remove(entry.connectionId).catch(() => undefined),
  };
}

function killOf({ life, mayBeEnded, processes, record }: VirtualSweepOptions): Kill {
  return (pid, signal) => {
    if (life.isOver || (signal !== "SIGTERM" && signal !== "SIGKILL")) return;
    const target = processes.table.find(pid);
    if (target !== undefined && !mayBeEnded(target.owner))
      record.violate("I6", `the sweep sent ${signal} to process ${pid} "${target.command}" of ${target.owner}`);
    const result = processes.kill(pid, signal);
    if (result !== "delivered") throw Object.assign(new Error(`kill ${result}`), { code: result });
  };
}
