import type { ProcessEntry, VirtualProcess } from "./process-table.js";
import { SimulationError } from "./simulation-error.js";
import type { PendingTimer } from "./clock-types.js";
import type { VirtualGateway, VirtualSystem } from "./virtual-gateway.js";
import type { VirtualHttpSession, VirtualSocket } from "./virtual-network.js";
import type { WorldEvent, WorldEventType, WorldViolation } from "./world-record.js";

export interface WorldTruthOptions {
  readonly system: VirtualSystem;
  /** All there were. */
  readonly gateways: readonly VirtualGateway[];
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
    return this.#living.flatMap(({ network }) => [...network.sockets]);
  }

  /** HTTP sessions that servers keep, but those that they let nobody delete. */
  get remoteSessions(): readonly VirtualHttpSession[] {
    return this.#options.system.sessions.all().filter(({ undeletable }) => !undeletable);
  }

  get violations(): readonly WorldViolation[] {
    return this.#options.system.diary.violations;
  }

  /** The diary: all of it, or what is of one type or of one connection. */
  events(wanted: { readonly type?: WorldEventType; readonly connectionId?: string } = {}): readonly WorldEvent[] {
    return this.#options.system.diary.events.filter(
      ({ type, connectionId }) =>
        type === (wanted.type ?? type) && connectionId === (wanted.connectionId ?? connectionId),
    );
  }

  /** `VirtualGateway.fence` of the first gateway. */
  fence(generation?: string): void {
    this.#options.gateways[0]?.fence(generation);
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
    if (left.length > 0)
      throw new SimulationError(`left at ${this.#options.system.clock.now()} ms: ${left.join("; ")}`);
    this.assertNoViolations();
  }

  /** One sentence for each thing that is left. */
  whatIsLeft(): readonly string[] {
    const { clock, disk } = this.#options.system;
    const remembered = this.#living.reduce((sum, { processHost }) => sum + processHost.rememberedTrees, 0);
    return [
      ...this.liveProcesses().map((process) => this.#describe(process)),
      ...this.openSockets.map(
        ({ purpose, server, connectionId }) => `a socket (${purpose}) to ${server} of ${connectionId}`,
      ),
      ...this.remoteSessions.map(({ id, server, connectionId }) => `session ${id} at ${server} of ${connectionId}`),
      ...this.#undisposed().map((id) => `transport ${id}, which was not disposed of`),
      ...disk.records.map(({ connectionId }) => `the ledger's record of ${connectionId}`),
      ...(remembered > 0 ? [`what the process host remembers of ${remembered} tree(s)`] : []),
      ...clock.pending.map(describeTimer),
    ];
  }

  /** What a dead gateway held in itself is gone with it. */
  get #living(): readonly VirtualGateway[] {
    return this.#options.gateways.filter(({ isAlive }) => isAlive);
  }

  #owned(connectionId: string | undefined): readonly ProcessEntry[] {
    const { table } = this.#options.system.processes;
    return connectionId === undefined ? table.all().filter(isOfTree) : table.ownedBy(connectionId);
  }

  #undisposed(): string[] {
    const disposed = new Set(this.events({ type: "dispose" }).map(({ connectionId }) => connectionId));
    return this.#living
      .flatMap(({ transportFactory }) => transportFactory.created)
      .map(({ request }) => request.connectionId)
      .filter((id) => !disposed.has(id));
  }

  #describe({ pid, ppid, command, owner }: VirtualProcess): string {
    const parent = this.#options.system.processes.table.find(ppid)?.command ?? "nobody";
    return `process ${pid} "${command}" of ${owner} (parent ${ppid} "${parent}")`;
  }
}

function isOfTree({ owner }: VirtualProcess): boolean {
  return owner !== "init" && owner !== "gateway" && !owner.startsWith("foreign ");
}

function describeTimer({ at, delayMs, ref, stack }: PendingTimer): string {
  return `a timer of ${delayMs} ms due at ${at} ms${ref ? "" : ", unref'd"}${stack === undefined ? "" : `, ${stack}`}`;
}
