import { parseDuration, parseServers, parseSessionOptions, type ServerMap } from "../config/index.js";
import { ConfigError, SupervisorShutdownError, UnknownConnectionError } from "../errors/index.js";
import type { EndCause } from "../machines/index.js";
import {
  type Clock,
  type Logger,
  type McpTransport,
  noRecovery,
  type Recovery,
  type TransportFactory,
} from "../ports/index.js";
import { Admission, type Limits } from "./admission.js";
import { Custody, type CustodyRecord } from "./custody.js";
import { awaitServer } from "./await-server.js";
import { Generations } from "./generations.js";
import { EventHub, type SupervisorEvents } from "./events.js";
import { watchExit } from "./exit-watch.js";
import type { Session, SessionOptions, ShutdownReport, Supervisor } from "./face.js";
import { inspect } from "./inspection.js";
import { LeakRetry } from "./leak-retry.js";
import { SessionHandle } from "./session-handle.js";
import type { Announcement, SessionHost } from "./session-host.js";
import { runtimeOf } from "./session-port.js";
import { safeLogger } from "./safe-logger.js";
import type { SessionReceipt } from "./receipts.js";
import { reportOf } from "./shutdown-report.js";

/** Limits of a session, unless it says otherwise; milliseconds. */
export const sessionDefaults = { drainMs: 5_000, idleTimeoutMs: 0, maxLifetimeMs: 0, requiredRetireMs: 60_000 };
const defaultShutdownMs = 10_000;

/** A supervisor on any implementation of the ports. `createSupervisor` gives it the real ones. */
export interface SupervisorParts {
  readonly servers: ServerMap;
  readonly clock: Clock;
  readonly factory: TransportFactory;
  readonly logger: Logger;
  readonly limits: Limits;
  readonly traceLeases: boolean;
  /** A lease held longer than this is announced. Default 0: none is. */
  readonly leaseWarnMs?: number | undefined;
  /** What stands ready for the case that this process dies. Default: nothing. */
  readonly recovery?: Recovery | undefined;
  /** Whether the end of this process is watched at all (the simulated world has none), and whether its signals are. */
  readonly exit: "ignore" | "kill" | "signals";
}

/** Owns sessions by key, and custody. What may happen is the machines' to say. */
export class SessionSupervisor implements Supervisor, SessionHost {
  readonly clock: Clock;
  readonly machineClock: SessionHost["machineClock"];
  readonly logger: Logger;
  readonly custody: Custody;
  readonly events: EventHub;
  readonly traceLeases: boolean;
  readonly leaseWarnMs: number;
  readonly #recovery: Recovery;
  readonly #admission: Admission;
  readonly #leaks: LeakRetry;
  readonly #generations = new Generations();
  readonly #unwatchExit: () => void;
  #servers: ServerMap;
  #sequence = 0;
  #shutdown: Promise<ShutdownReport> | undefined;

  constructor(parts: SupervisorParts) {
    this.clock = parts.clock;
    this.machineClock = {
      setTimeout: (callback, delayMs) => parts.clock.setTimeout(() => callback(), delayMs),
      clearTimeout: (timer) => parts.clock.clearTimeout(timer),
    };
    this.logger = safeLogger(parts.logger);
    this.traceLeases = parts.traceLeases;
    this.leaseWarnMs = parts.leaseWarnMs ?? 0;
    this.custody = new Custody({ ...parts, logger: this.logger });
    this.events = new EventHub(this.logger);
    this.#servers = parts.servers;
    this.#recovery = parts.recovery ?? noRecovery;
    this.#recovery.listen({
      ledger: (status) => this.events.emit("ledger", status),
      guardian: (status) => this.events.emit("guardian", status),
    });
    this.#leaks = new LeakRetry(parts.clock);
    this.#admission = new Admission({
      limits: parts.limits,
      custody: this.custody,
      sessions: () => this.#generations.all(),
    });
    this.#unwatchExit =
      parts.exit === "ignore"
        ? () => undefined
        : watchExit({
            shutdown: () => this.shutdown(),
            killAll: () => this.killAll(),
            handlesSignals: parts.exit === "signals",
          });
  }

  session(key: string, options: SessionOptions = {}): Session {
    const current = this.#generations.currentOf(key);
    if (current === undefined || current.view.isRetired) return this.#make(key, options);
    // It was made with others, and these do nothing; a mistake in them is to be seen all the same.
    parseSessionOptions(options);
    return current;
  }

  rebind(key: string, options: SessionOptions = {}): Session {
    const former = this.#generations.currentOf(key);
    const next = this.#make(key, options);
    former?.retire({ required: true, reason: "ended", cause: "superseded" });
    return next;
  }

  async adopt(key: string, transport: McpTransport, { pid, server }: { pid?: number; server?: string } = {}) {
    const session = this.session(key) as SessionHandle;
    const name = server ?? `adopted-${(this.#sequence += 1)}`;
    if (session.servers.of(name) !== undefined) {
      throw new ConfigError(
        "options.server",
        `session "${key}" has a server of the name "${name}" already; take another`,
      );
    }
    const config = { type: "adopted", transport, pid } as const;
    session.servers.adopt(name, config);
    try {
      await session.run(() => awaitServer(session, name));
    } catch (error) {
      session.servers.abandon(name, config);
      throw error;
    }
    return session;
  }

  reload(servers: ServerMap): void {
    this.#servers = parseServers(servers);
    for (const handle of this.#generations.all()) {
      const hasOwn = (handle.servers.own ?? this.#generations.optionsOf(handle).servers) !== undefined;
      handle.servers.reload(hasOwn ? undefined : this.#servers);
    }
  }

  inspect() {
    return inspect(this.#generations.all(), this.custody, this.#recovery);
  }

  on<Name extends keyof SupervisorEvents>(event: Name, listener: (data: SupervisorEvents[Name]) => void) {
    return this.events.on(event, listener);
  }

  async look(connectionId: string) {
    const record = this.custody.get(connectionId);
    if (record === undefined) throw new UnknownConnectionError(connectionId);
    const { survivors, unreaped, doubtful } = await record.handle.look();
    return { survivors, unreaped, doubtful };
  }

  forget(connectionId: string, why: string): void {
    const record = this.custody.get(connectionId);
    const session = record && this.#generations.get(record.session);
    if (!record?.wasLeaked || session === undefined) throw new UnknownConnectionError(connectionId);
    record.forgotten = why;
    session.forget(record);
  }

  async shutdown({
    deadlineMs = defaultShutdownMs,
    cause = "shutdown",
  }: { deadlineMs?: number; cause?: EndCause } = {}) {
    parseDuration("deadlineMs", deadlineMs);
    this.#admission.fence();
    const ends = this.#generations.all().map((handle) => handle.end({ reason: "ended", cause, deadlineMs }));
    this.#shutdown ??= this.#report(ends);
    return await this.#shutdown;
  }

  /** SIGKILL to everything in custody, without waiting for anything. For the exit of the process. */
  killAll(): void {
    for (const { handle } of this.custody.all()) handle.killSync();
  }

  admit(session: SessionHandle): void {
    this.#admission.admitSession(session);
  }

  admitTree(session: SessionHandle, server: string): void {
    this.#admission.admitTree(session, server);
  }

  successor(session: SessionHandle): SessionHandle {
    const current = this.#generations.currentOf(session.key);
    if (current !== undefined && current !== session) return current;
    const { own } = session.servers;
    return this.#make(session.key, { ...this.#generations.optionsOf(session), ...(own && { servers: own }) });
  }

  endChildren(session: SessionHandle): void {
    const deadlineMs = Number.isFinite(session.endBy) ? Math.max(0, session.endBy - this.clock.now()) : undefined;
    for (const child of this.#generations.childrenOf(session)) {
      void child.end({ reason: "ended", cause: "parent-ended", deadlineMs });
    }
  }

  announce(session: SessionHandle, record: CustodyRecord, { state, receipt }: Announcement): void {
    const { id: connection, server } = record;
    if (state === "closed") this.#leaks.forget(connection);
    if (!this.events.hasListener("connection")) return;
    const { kind, containment, pid } = record.handle;
    this.events.emit("connection", {
      ...session.moment(),
      runtime: runtimeOf(session, connection),
      server,
      connection,
      state,
      kind,
      containment,
      pid,
      receipt,
    });
  }

  retryLater(session: SessionHandle, record: CustodyRecord): void {
    this.#leaks.later(session, record);
  }

  closed(session: SessionHandle): void {
    this.#generations.leave(session);
  }

  async #report(ends: readonly Promise<SessionReceipt>[]): Promise<ShutdownReport> {
    const report = reportOf(await Promise.all(ends));
    // What is leaked gets one more SIGKILL when the process exits, and is the guardian's then.
    if (report.leaked > 0) return report;
    this.#unwatchExit();
    await this.#recovery.close();
    return report;
  }

  #make(key: string, options: SessionOptions): SessionHandle {
    if (this.#admission.isFenced) throw new SupervisorShutdownError({ session: key });
    if (typeof key !== "string") throw new ConfigError("key", `must be a string, not ${typeof key}`);
    const durations = parseSessionOptions(options);
    const { servers = this.#servers, parent, oneShot = false, tags = {} } = options;
    const handle = new SessionHandle({
      host: this,
      key,
      id: generationId(key, (this.#sequence += 1)),
      servers: typeof servers === "function" || servers === this.#servers ? servers : parseServers(servers),
      timings: {
        drainMs: durations.drainMs ?? sessionDefaults.drainMs,
        idleTimeoutMs: durations.idleTimeoutMs ?? sessionDefaults.idleTimeoutMs,
        maxLifetimeMs: durations.maxLifetimeMs ?? sessionDefaults.maxLifetimeMs,
        requiredRetireMs: durations.requiredRetireMs ?? sessionDefaults.requiredRetireMs,
      },
      oneShot,
      tags,
      parent: parent?.id,
    });
    this.#generations.enter(handle, options);
    // Only now: a listener that is told of it may ask for it.
    handle.start();
    // A child of a session that is over already would never be told.
    if (parent instanceof SessionHandle && parent.isEnding) this.endChildren(parent);
    return handle;
  }
}

/** XState takes what begins with `#_` for an address of its own, and actors are named after their session. */
function generationId(key: string, sequence: number): string {
  return `${key.startsWith("#_") ? "/" : ""}${key}#${sequence}`;
}
