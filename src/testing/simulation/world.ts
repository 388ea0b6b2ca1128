import type { ContainmentLevel } from "../../ports/process-host.js";
import { type AnswerPlans, PortAnswers, scheduleAtOnce, type WorldSchedule } from "./port-answers.js";
import type { ProcessShape } from "./process-shape.js";
import type { PidSpace } from "./process-table.js";
import type { ServerBehaviours } from "./server-behaviour.js";
import { VirtualClock } from "./virtual-clock.js";
import { type LedgerMethod, VirtualLedger } from "./virtual-ledger.js";
import { VirtualNetwork } from "./virtual-network.js";
import { type HostMethod, type SignalLogEntry, VirtualProcessHost } from "./virtual-process-host.js";
import { VirtualProcesses } from "./virtual-processes.js";
import { VirtualTransportFactory } from "./virtual-transport-factory.js";
import { WorldRecord } from "./world-record.js";
import { WorldTruth } from "./world-truth.js";

export interface WorldOptions {
  /** What is due at the same moment happens in an order drawn from it; without one, in the order in which it was set. */
  readonly seed?: number | undefined;
  /** By server name; servers that are not described behave well. */
  readonly behaviours?: ServerBehaviours | undefined;
  /** Programs by command, for those who spawn through the process host themselves. */
  readonly programs?: Record<string, ProcessShape> | undefined;
  /** Default `group`. */
  readonly containment?: ContainmentLevel | undefined;
  readonly hostPlans?: Partial<Record<HostMethod, AnswerPlans>> | undefined;
  readonly ledgerPlans?: Partial<Record<LedgerMethod, AnswerPlans>> | undefined;
  readonly pids?: PidSpace | undefined;
  /** The gateway is pid 1 of a container: nobody collects its orphans. */
  readonly gatewayIsInit?: boolean | undefined;
  /** Decides when each asynchronous answer and notice happens. */
  readonly schedule?: WorldSchedule | undefined;
  /** Waits until nothing can happen without time; needed where `schedule` holds things back. */
  readonly drain?: (() => Promise<void>) | undefined;
  /** Keeps the stack of whoever armed a timer. */
  readonly traceTimers?: boolean | undefined;
}

/** A simulated world: the four ports of the library, what is behind them, and the truth about it. */
export interface World {
  readonly clock: VirtualClock;
  readonly processHost: VirtualProcessHost;
  readonly transportFactory: VirtualTransportFactory;
  readonly ledger: VirtualLedger;
  readonly truth: WorldTruth;
  readonly processes: VirtualProcesses;
  /** How each server behaves, by name; may be changed at any time. */
  readonly behaviours: ServerBehaviours;
  readonly programs: Record<string, ProcessShape>;
  /** Ends one connection's leader from outside. False if it has none that runs. */
  crash(connectionId: string): boolean;
  /** From now on all is well: sleeps and hangs are over, ports answer, and every server behaves. */
  recover(): void;
}

/** Makes a world in which nothing happens but what is described, the same each time for the same calls. */
export function createWorld(options: WorldOptions = {}): World {
  const { seed, drain, traceTimers, pids, gatewayIsInit, containment, schedule = scheduleAtOnce } = options;
  const clock = new VirtualClock({ seed, drain, traceTimers });
  const record = new WorldRecord(clock);
  const network = new VirtualNetwork();
  const processes = new VirtualProcesses({ clock, pids, gatewayIsInit });
  const behaviours: ServerBehaviours = { ...options.behaviours };
  const programs: Record<string, ProcessShape> = { ...options.programs };
  const processHost = new VirtualProcessHost({
    processes,
    containment,
    answers: new PortAnswers<HostMethod>({ name: "host", clock, schedule, plans: options.hostPlans }),
    programOf: ({ command }) => programs[command],
    onSignal: (entry) => checkTarget(record, entry),
  });
  const ledger = new VirtualLedger(
    new PortAnswers<LedgerMethod>({ name: "ledger", clock, schedule, plans: options.ledgerPlans }),
  );
  const parts = { clock, schedule, record, network, processHost, ledger };
  const transportFactory = new VirtualTransportFactory({
    world: parts,
    table: processes.table,
    behaviours: () => behaviours,
  });
  const truth = new WorldTruth({ world: parts, processes, ledger, transportFactory });

  const crash = (connectionId: string) => {
    const leader = truth.liveProcesses(connectionId).find(({ isLeader }) => isLeader);
    if (leader !== undefined) processes.exit(leader, { code: null, signal: "SIGSEGV" });
    return leader !== undefined;
  };
  const recover = () => {
    for (const name of Object.keys(behaviours)) delete behaviours[name];
    for (const { answers } of [processHost, ledger]) {
      answers.plans = {};
      answers.thaw();
    }
    processes.thaw();
    network.closeLingering();
  };
  return { clock, processHost, transportFactory, ledger, truth, processes, behaviours, programs, crash, recover };
}

function checkTarget(record: WorldRecord, { sentFor, hit, pid, command, signal }: SignalLogEntry): void {
  if (hit === sentFor) return;
  record.violate("I6", `${signal} for ${sentFor} was sent to process ${pid} "${command}" of ${hit}`);
}
