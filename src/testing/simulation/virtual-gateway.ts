import type { ContainmentLevel, TreeSpec } from "../../ports/process-host.js";
import type { GatewayIdentity } from "../../recovery/gateway-identity.js";
import type { ReapFinding } from "../../recovery/reap.js";
import { GatewayClock } from "./gateway-clock.js";
import { GatewayLife } from "./gateway-life.js";
import { type AnswerPlans, PortAnswers, type WorldSchedule } from "./port-answers.js";
import type { ProcessShape } from "./process-shape.js";
import type { VirtualProcess } from "./process-table.js";
import type { ServerBehaviours } from "./server-behaviour.js";
import { SimulationError } from "./simulation-error.js";
import type { VirtualClock } from "./virtual-clock.js";
import type { VirtualDisk } from "./virtual-disk.js";
import { type LedgerMethod, VirtualLedger } from "./virtual-ledger.js";
import { type VirtualHttpSessions, VirtualNetwork } from "./virtual-network.js";
import { type HostMethod, type SignalLogEntry, VirtualProcessHost } from "./virtual-process-host.js";
import type { VirtualProcesses } from "./virtual-processes.js";
import { sweepVirtually } from "./virtual-sweep.js";
import { VirtualTransportFactory } from "./virtual-transport-factory.js";
import { type WorldDiary, WorldRecord } from "./world-record.js";

/** What all gateways of a world share. */
export interface VirtualSystem {
  readonly clock: VirtualClock;
  readonly schedule: WorldSchedule;
  readonly diary: WorldDiary;
  readonly sessions: VirtualHttpSessions;
  readonly processes: VirtualProcesses;
  readonly disk: VirtualDisk;
  readonly behaviours: () => ServerBehaviours;
  readonly programOf: (spec: TreeSpec) => ProcessShape | undefined;
  readonly containment: ContainmentLevel | undefined;
  readonly onLedgerFailure: "refuse" | "continue";
}

export interface VirtualGatewayOptions {
  readonly system: VirtualSystem;
  readonly process: VirtualProcess;
  /** From 1 on. */
  readonly number: number;
  readonly plans: {
    readonly host: Partial<Record<HostMethod, AnswerPlans>> | undefined;
    readonly ledger: Partial<Record<LedgerMethod, AnswerPlans>> | undefined;
  };
  /** All there are. */
  readonly gateways: readonly VirtualGateway[];
}

/**
 * A gateway's process and its four ports. Once it is killed nothing of it happens any more: no timer fires, nothing that it asked for is
 * done or answered. What it wrote, and what it started, stays.
 */
export class VirtualGateway {
  readonly identity: GatewayIdentity;
  readonly clock: GatewayClock;
  readonly processHost: VirtualProcessHost;
  readonly transportFactory: VirtualTransportFactory;
  readonly ledger: VirtualLedger;
  readonly network: VirtualNetwork;
  readonly #options: VirtualGatewayOptions;
  readonly #life: GatewayLife;
  readonly #record: WorldRecord;

  constructor(options: VirtualGatewayOptions) {
    const { number, plans, process, system } = options;
    const { behaviours, containment, disk, onLedgerFailure, processes, programOf } = system;
    this.#options = options;
    this.identity = identityOf(process);
    this.#life = new GatewayLife(system.schedule);
    this.clock = new GatewayClock(system.clock);
    this.#record = new WorldRecord({ diary: system.diary, life: this.#life });
    this.network = new VirtualNetwork(system.sessions);
    const { clock } = this;
    const { schedule } = this.#life;
    this.processHost = new VirtualProcessHost({
      processes,
      containment,
      gateway: process,
      life: this.#life,
      answers: new PortAnswers({ name: "host", clock, schedule, plans: plans.host }),
      programOf,
      onSignal: (entry) => checkTarget(this.#record, entry),
    });
    const answers = new PortAnswers({ name: "ledger", clock, schedule, plans: plans.ledger });
    this.ledger = new VirtualLedger({ answers, disk, owner: this.identity, onFailure: onLedgerFailure });
    const { ledger, network, processHost } = this;
    this.transportFactory = new VirtualTransportFactory({
      world: { life: this.#life, clock, schedule, record: this.#record, network, processHost, ledger },
      table: processes.table,
      behaviours,
      gateway: number,
    });
  }

  get isAlive(): boolean {
    return !this.#life.isOver;
  }

  /** The end of that generation (without one: the shutdown) has begun: an opening that starts from now on is a violation of I4. */
  fence(generation?: string): void {
    this.#record.fence(generation);
  }

  /** What the world calls a connection of this gateway: ids come again in every gateway. */
  nameOf(connectionId: string): string {
    return this.transportFactory.nameOf(connectionId);
  }

  /** Whether a process is of a tree that this gateway started. */
  started(owner: string): boolean {
    return this.processHost.started.has(owner);
  }

  /** Ends what dead gateways left, by their records, as a gateway does at its start; see `createSupervisor({ledger})`. */
  sweep(): Promise<ReapFinding[]> {
    const { clock, ledger, identity: self } = this;
    const { gateways, system } = this.#options;
    const mayBeEnded = (owner: string) => gateways.some((each) => !each.isAlive && each.started(owner));
    return sweepVirtually({ ...system, self, life: this.#life, clock, ledger, record: this.#record, mayBeEnded });
  }

  /** Its ports answer from now on, and at once. */
  recover(): void {
    for (const { answers } of [this.processHost, this.ledger]) {
      answers.plans = {};
      answers.thaw();
    }
  }

  /** SIGKILL, the OOM killer, a power switch: at once, and without a word to anybody. */
  kill(): void {
    if (!this.isAlive) return;
    const { process, system } = this.#options;
    if (process.pid === 1)
      throw new SimulationError("a gateway that is pid 1 does not die without its whole container");
    this.#life.end();
    this.clock.stop();
    this.processHost.breakPipes();
    system.processes.exit(process, { code: null, signal: "SIGKILL" });
  }
}

function identityOf({ pid, startTime }: VirtualProcess): GatewayIdentity {
  return { pid, startTime, bootId: "virtual-boot", pidNamespace: "pid:[virtual]" };
}

function checkTarget(record: WorldRecord, { sentFor, hit, pid, command, signal }: SignalLogEntry): void {
  if (hit === sentFor) return;
  record.violate("I6", `${signal} for ${sentFor} was sent to process ${pid} "${command}" of ${hit}`);
}
