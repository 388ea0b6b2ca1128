import type { ContainmentLevel } from "../../ports/process-host.js";
import { type AnswerPlans, scheduleAtOnce, type WorldSchedule } from "./port-answers.js";
import type { ProcessShape } from "./process-shape.js";
import type { PidSpace, VirtualProcess } from "./process-table.js";
import type { ServerBehaviours } from "./server-behaviour.js";
import { SimulationError } from "./simulation-error.js";
import { VirtualClock } from "./virtual-clock.js";
import { VirtualDisk } from "./virtual-disk.js";
import { VirtualGateway, type VirtualGatewayOptions, type VirtualSystem } from "./virtual-gateway.js";
import type { LedgerMethod, VirtualLedger } from "./virtual-ledger.js";
import { VirtualHttpSessions } from "./virtual-network.js";
import type { HostMethod, VirtualProcessHost } from "./virtual-process-host.js";
import { VirtualProcesses } from "./virtual-processes.js";
import type { VirtualTransportFactory } from "./virtual-transport-factory.js";
import { WorldDiary } from "./world-record.js";
import { WorldTruth } from "./world-truth.js";

/** What a simulated world is made of. */
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
  /** Whether a tree is started although its record could not be written. Default `refuse`. */
  readonly onLedgerFailure?: "refuse" | "continue" | undefined;
  readonly pids?: PidSpace | undefined;
  /** The gateway is pid 1 of a container: nobody collects its orphans, and it cannot be killed without them. */
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
  /** Time itself, for who moves it. A supervisor whose gateway is to be killed goes by its gateway's. */
  readonly clock: VirtualClock;
  /** The first one; the three ports below are its. */
  readonly gateway: VirtualGateway;
  readonly processHost: VirtualProcessHost;
  readonly transportFactory: VirtualTransportFactory;
  readonly ledger: VirtualLedger;
  /** Every gateway there ever was, in the order of their starts. */
  readonly gateways: readonly VirtualGateway[];
  readonly truth: WorldTruth;
  readonly processes: VirtualProcesses;
  /** How each server behaves, by name; may be changed at any time. */
  readonly behaviours: ServerBehaviours;
  readonly programs: Record<string, ProcessShape>;
  /** Starts another gateway on the same disk, beside those that live; with that pid if it is free. Its ports answer as the first one's. */
  startGateway(place?: { readonly pid?: number | undefined }): VirtualGateway;
  /** Ends one connection's leader from outside. False if it has none that runs. */
  crash(connectionId: string): boolean;
  /** From now on all is well: sleeps and hangs are over, ports answer, and every server behaves. */
  recover(): void;
}

/** Makes a world in which nothing happens but what is described, the same each time for the same calls. */
export function createWorld(options: WorldOptions = {}): World {
  const { seed, drain, traceTimers, pids, gatewayIsInit, containment, schedule = scheduleAtOnce } = options;
  const clock = new VirtualClock({ seed, drain, traceTimers });
  const processes = new VirtualProcesses({ clock, pids, gatewayIsInit });
  const behaviours: ServerBehaviours = { ...options.behaviours };
  const programs: Record<string, ProcessShape> = { ...options.programs };
  const system: VirtualSystem = {
    clock,
    schedule,
    diary: new WorldDiary(clock),
    sessions: new VirtualHttpSessions(),
    processes,
    disk: new VirtualDisk(),
    behaviours: () => behaviours,
    programOf: ({ command }) => programs[command],
    containment,
    onLedgerFailure: options.onLedgerFailure ?? "refuse",
  };
  const gateways: VirtualGateway[] = [];
  const start = (process: VirtualProcess, plans: VirtualGatewayOptions["plans"]) => {
    const gateway = new VirtualGateway({ system, process, plans, number: gateways.length + 1, gateways });
    gateways.push(gateway);
    return gateway;
  };
  const first = start(processes.gateway, { host: options.hostPlans, ledger: options.ledgerPlans });
  const { processHost, transportFactory, ledger } = first;
  const truth = new WorldTruth({ system, gateways });

  const startGateway = ({ pid }: { readonly pid?: number | undefined } = {}) => {
    const process = processes.spawnGateway(pid);
    if (process === undefined) throw new SimulationError(`there is no pid for another gateway, or ${pid} is not free`);
    return start(process, { host: processHost.answers.plans, ledger: ledger.answers.plans });
  };
  const crash = (connectionId: string) => {
    const leader = truth.liveProcesses(connectionId).find(({ isLeader }) => isLeader);
    if (leader !== undefined) processes.exit(leader, { code: null, signal: "SIGSEGV" });
    return leader !== undefined;
  };
  const recover = () => {
    for (const name of Object.keys(behaviours)) delete behaviours[name];
    for (const gateway of gateways) gateway.recover();
    processes.thaw();
    for (const { network } of gateways) network.closeLingering();
  };
  const ports = { processHost, transportFactory, ledger };
  return {
    clock,
    gateway: first,
    ...ports,
    gateways,
    truth,
    processes,
    behaviours,
    programs,
    startGateway,
    crash,
    recover,
  };
}
