import type { AdoptedServerConfig, ServerConfig } from "../config/server-config.js";
import {
  isLifecycleError,
  type LifecycleError,
  OpenAbortedError,
  OpenFailedError,
  messageOf,
} from "../errors/index.js";
import type { OpenedSummary } from "../machines/index.js";
import type { ClientContext, Clock, Logger, TransportFactory } from "../ports/index.js";
import { CallRegister } from "./calls.js";
import type { CustodyRecord } from "./custody-record.js";
import { Stirring } from "./stirring.js";
import { Watchers } from "./watchers.js";

export type { CustodyRecord } from "./custody-record.js";

/** How long after its opening a tree is looked at. */
const memberCensusMs = 500;

/** What custody is told when it enters a connection. */
export interface Entry {
  readonly id: string;
  readonly session: string;
  readonly server: string;
  readonly config: ServerConfig | AdoptedServerConfig;
  readonly context: ClientContext;
  readonly onCalls: (inFlight: number) => void;
  readonly onLost: (error: LifecycleError) => void;
  readonly onToolsChanged: (record: CustodyRecord) => void;
  /** An opening that hung settled after its closing had been reported as leaked. */
  readonly onSettledLate: (record: CustodyRecord) => void;
}

/**
 * The register of everything that is open or opening. A transport is entered before it is opened, by the same call, and leaves
 * only by proof. Actors hold ids; handles are held here and nowhere else.
 */
export class Custody {
  readonly clock: Clock;
  readonly stirring = new Stirring();
  readonly #factory: TransportFactory;
  readonly #logger: Logger;
  readonly #records = new Map<string, CustodyRecord>();
  readonly #bySession = new Map<string, Set<CustodyRecord>>();
  readonly #watchers = new Watchers();
  #netUses = 0;

  constructor(options: { clock: Clock; factory: TransportFactory; logger: Logger }) {
    this.clock = options.clock;
    this.#factory = options.factory;
    this.#logger = options.logger;
  }

  /** How often custody had to end something because a machine failed. Any number but 0 is a defect of this library. */
  get netUses(): number {
    return this.#netUses;
  }

  all(): readonly CustodyRecord[] {
    return [...this.#records.values()];
  }

  get(id: string): CustodyRecord | undefined {
    return this.#records.get(id);
  }

  of(session: string): readonly CustodyRecord[] {
    return [...(this.#bySession.get(session) ?? [])];
  }

  /** Enters a connection and starts to open it. A second call with the same id gives the same record. */
  open(entry: Entry): CustodyRecord {
    const known = this.#records.get(entry.id);
    if (known) return known;
    const record = this.#enter(entry);
    this.#records.set(record.id, record);
    const siblings = this.#bySession.get(record.session) ?? new Set();
    this.#bySession.set(record.session, siblings.add(record));
    return record;
  }

  /** The record goes: proved, or given up by an operator. */
  remove(record: CustodyRecord): void {
    this.#records.delete(record.id);
    const siblings = this.#bySession.get(record.session);
    siblings?.delete(record);
    if (siblings?.size === 0) this.#bySession.delete(record.session);
    this.stirring.forget(record.id);
    this.clock.clearTimeout(record.memberCensus);
    record.handle.dispose();
    this.changed(record.session);
  }

  markNetUsed(record: CustodyRecord, error: unknown): void {
    this.#netUses += 1;
    record.netUsed = true;
    record.owner = "net";
    const { id: connection, server, context, session: generation } = record;
    this.#logger.error({ session: context.sessionKey, generation, server, connection, err: error }, "net used");
  }

  /** Something of that session changed that waiters of `until` may wait for. */
  changed(session: string): void {
    this.#watchers.changed(session);
  }

  /** See `Watchers.until`. */
  until(session: string, condition: () => boolean, signal: AbortSignal): Promise<void> {
    return this.#watchers.until(session, condition, signal);
  }

  #enter(entry: Entry): CustodyRecord {
    const { id, config, context } = entry;
    const opening = new AbortController();
    const calls = new CallRegister(entry.onCalls);
    const handle = this.#factory.create({
      connectionId: id,
      config,
      context,
      calls,
      onLost: entry.onLost,
      onStir: () => this.stirring.stir(id),
      onToolsChanged: () => {
        const current = this.#records.get(id);
        if (current) entry.onToolsChanged(current);
      },
    });
    const record: CustodyRecord = {
      id,
      session: entry.session,
      server: entry.server,
      context,
      config,
      handle,
      calls,
      opening,
      opened: Promise.resolve().then(() => this.#run(record, entry)),
      phases: [],
      owner: "machine",
      state: "opening",
      settled: false,
      transport: undefined,
      failure: undefined,
      inputEnded: false,
      means: "none",
      look: undefined,
      netUsed: false,
      wasLeaked: false,
      memberCensus: undefined,
      forgotten: undefined,
    };
    // Whoever left the opening behind does not listen any more; settling looks at `settled` instead.
    record.opened.catch(() => undefined);
    return record;
  }

  /**
   * Remembers the members of the tree while their parents live: once reparented, group and ancestry say nothing. A closing looks first
   * thing anyway; this is for leaders that die by themselves. Not at once, because an opening should cost no census.
   */
  #lookLater(record: CustodyRecord): void {
    record.memberCensus = this.clock.setUnrefTimeout(() => {
      if (record.state !== "open") return;
      record.handle.look().then(
        (look) => (record.look = look),
        (error: unknown) => this.#logger.debug({ connection: record.id, err: error }, "look after opening failed"),
      );
    }, memberCensusMs);
  }

  async #run(record: CustodyRecord, entry: Entry): Promise<OpenedSummary> {
    try {
      // Given up in the tick in which it was entered: nothing is started (I4).
      if (record.opening.signal.aborted) throw abortError(record);
      const transport = await record.handle.open(record.opening.signal);
      record.transport = transport;
      if (record.opening.signal.aborted) throw abortError(record);
      if (record.state === "opening") record.state = "open";
      if (record.handle.tree !== undefined) this.#lookLater(record);
      return { tools: transport.tools };
    } catch (error) {
      record.failure ??= typedFailure(record, error);
      throw record.failure;
    } finally {
      record.settled = true;
      this.stirring.stir(record.id);
      this.changed(record.session);
      if (record.state === "leaked") entry.onSettledLate(record);
    }
  }
}

function abortError({ opening }: CustodyRecord): LifecycleError {
  return opening.signal.reason as LifecycleError;
}

function typedFailure(record: CustodyRecord, error: unknown): LifecycleError {
  if (isLifecycleError(error)) return error;
  const place = { session: record.context.sessionKey, server: record.server, cause: error };
  return record.opening.signal.aborted
    ? new OpenAbortedError(messageOf(error), place)
    : new OpenFailedError("connect", messageOf(error), place);
}
