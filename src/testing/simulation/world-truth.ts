import type { ProcessEntry, VirtualProcess } from "./process-table.js";
import { SimulationError } from "./simulation-error.js";
import type { PendingTimer } from "./clock-types.js";
import type { VirtualLedger } from "./virtual-ledger.js";
import type { VirtualHttpSession, VirtualSocket } from "./virtual-network.js";
import type { VirtualProcesses } from "./virtual-processes.js";
import type { VirtualTransportFactory } from "./virtual-transport-factory.js";
import type { WorldEvent, WorldEventType, WorldViolation } from "./world-record.js";
import type { WorldParts } from "./world-parts.js";

export interface WorldTruthOptions {
  readonly world: WorldParts;
  readonly processes: VirtualProcesses;
  readonly ledger: VirtualLedger;
  readonly transportFactory: VirtualTransportFactory;
}

/** The world's own word about what is alive and what happened. It asks nobody of the library, and no port. */
export class WorldTruth {
  readonly #options: WorldTruthOptions;

  constructor(options: WorldTruthOptions) {
    this.#options = options;
  }

  /** What runs of one tree, or of all that were ever started: found by descent, whatever its group, parent or cookie is. */
  liveProcesses(connectionId?: string): readonly VirtualProcess[] {
    return this.#owned(connectionId).filter(({ state }) => state === "running");
  }

  /** Exited, but nobody waited for them (LP-56). */
  zombies(connectionId?: string): readonly VirtualProcess[] {
    return this.#owned(connectionId).filter(({ state }) => state === "zombie");
  }

  get openSockets(): readonly VirtualSocket[] {
    return [...this.#options.world.network.sockets];
  }

  /** HTTP sessions that servers keep, but those that they let nobody delete. */
  get remoteSessions(): readonly VirtualHttpSession[] {
    return this.#options.world.network.sessions.filter(({ undeletable }) => !undeletable);
  }

  get violations(): readonly WorldViolation[] {
    return this.#options.world.record.violations;
  }

  /** The diary: all of it, or what is of one type or of one connection. */
  events(wanted: { readonly type?: WorldEventType; readonly connectionId?: string } = {}): readonly WorldEvent[] {
    return this.#options.world.record.events.filter(
      ({ type, connectionId }) =>
        type === (wanted.type ?? type) && connectionId === (wanted.connectionId ?? connectionId),
    );
  }

  /** The end of that generation (without one: the shutdown) has begun: an opening that starts from now on is a violation of I4. */
  fence(generation?: string): void {
    this.#options.world.record.fence(generation);
  }

  /** Throws a sentence unless nothing was violated. */
  assertNoViolations(): void {
    if (this.violations.length === 0) return;
    const sentences = this.violations.map(({ rule, atMs, sentence }) => `${rule} at ${atMs} ms: ${sentence}`);
    throw new SimulationError(`violated: ${sentences.join("; ")}`);
  }

  /**
   * Throws a sentence that names what is left: processes, sockets, sessions, transports that were not disposed of, records of the
   * ledger, timers of the library; or what was violated.
   */
  assertNothingLeft(): void {
    const left = this.whatIsLeft();
    if (left.length > 0) throw new SimulationError(`left at ${this.#options.world.clock.now()} ms: ${left.join("; ")}`);
    this.assertNoViolations();
  }

  /** One sentence for each thing that is left. */
  whatIsLeft(): readonly string[] {
    const { ledger, world } = this.#options;
    const remembered = world.processHost.rememberedTrees;
    return [
      ...this.liveProcesses().map((process) => this.#describe(process)),
      ...this.openSockets.map(
        ({ purpose, server, connectionId }) => `a socket (${purpose}) to ${server} of ${connectionId}`,
      ),
      ...this.remoteSessions.map(({ id, server, connectionId }) => `session ${id} at ${server} of ${connectionId}`),
      ...this.#undisposed().map((id) => `transport ${id}, which was not disposed of`),
      ...ledger.records.map(({ connectionId }) => `the ledger's record of ${connectionId}`),
      ...(remembered > 0 ? [`what the process host remembers of ${remembered} tree(s)`] : []),
      ...world.clock.pending.map(describeTimer),
    ];
  }

  #owned(connectionId: string | undefined): readonly ProcessEntry[] {
    const { table } = this.#options.processes;
    return connectionId === undefined ? table.all().filter(isOfTree) : table.ownedBy(connectionId);
  }

  #undisposed(): string[] {
    const disposed = new Set(this.events({ type: "dispose" }).map(({ connectionId }) => connectionId));
    return this.#options.transportFactory.created
      .map(({ request }) => request.connectionId)
      .filter((id) => !disposed.has(id));
  }

  #describe({ pid, ppid, command, owner }: VirtualProcess): string {
    const parent = this.#options.processes.table.find(ppid)?.command ?? "nobody";
    return `process ${pid} "${command}" of ${owner} (parent ${ppid} "${parent}")`;
  }
}

function isOfTree({ owner }: VirtualProcess): boolean {
  return owner !== "init" && owner !== "gateway" && !owner.startsWith("foreign ");
}

function describeTimer({ at, delayMs, ref, stack }: PendingTimer): string {
  return `a timer of ${delayMs} ms due at ${at} ms${ref ? "" : ", unref'd"}${stack === undefined ? "" : `, ${stack}`}`;
}
