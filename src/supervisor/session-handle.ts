import { type Actor, createActor } from "xstate";
import { parseDuration, parseServers, resolveLifecycle, type ServerMap } from "../config/index.js";
import { ConfigError, type LifecycleError, SessionEndedError } from "../errors/index.js";
import {
  type EndReason,
  endReasons,
  type RuntimeContext,
  type SessionEvent,
  sessionMachine,
  type SessionTimings,
} from "../machines/index.js";
import type { CustodyRecord } from "./custody.js";
import type { EndOptions, Lease, RetireOptions, ServerSource, Session } from "./face.js";
import { Pulse } from "./pulse.js";
import type { SessionReceipt } from "./receipts.js";
import { specsOf } from "./server-specs.js";
import { SessionCompletion } from "./session-completion.js";
import type { SessionHost } from "./session-host.js";
import { SessionLeases } from "./session-leases.js";
import { SessionNet } from "./session-net.js";
import { runtimeOf, sessionPort } from "./session-port.js";
import { SessionServers } from "./session-servers.js";
import { SessionView } from "./session-view.js";
import { watchRuntime } from "./watch-runtime.js";

/** What a handle is made of; checked by then. */
export interface SessionParts {
  readonly host: SessionHost;
  readonly key: string;
  readonly id: string;
  readonly servers: ServerSource;
  readonly timings: SessionTimings;
  readonly oneShot: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Id of the session whose end ends this one. */
  readonly parent?: string | undefined;
}

/**
 * The public session, and the supervisor's side of its machine: it sends what happened, reads the snapshot, and settles `ended`. It
 * decides nothing.
 */
export class SessionHandle implements Session {
  readonly key: string;
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly host: SessionHost;
  readonly pulse = new Pulse();
  readonly completion: SessionCompletion;
  readonly servers: SessionServers;
  readonly view: SessionView;
  /** Why a server could not be opened in time, by its name: the machine's clock says only that it was not. */
  readonly timeouts = new Map<string, LifecycleError>();
  readonly leases = new SessionLeases(this);
  readonly #net = new SessionNet(this);
  readonly #actor: Actor<typeof sessionMachine>;
  readonly #parent: string | undefined;
  #announcedState = "";
  #watchedRuntime: string | undefined;
  /** Until when its children were told to end. */
  #childrenEndBy: number | undefined;

  constructor(parts: SessionParts) {
    const { host, key, id, tags, timings, oneShot } = parts;
    this.host = host;
    this.key = key;
    this.id = id;
    this.tags = tags;
    this.#parent = parts.parent;
    this.completion = new SessionCompletion(host.clock, { key, id });
    this.servers = new SessionServers({
      source: parts.servers,
      context: { sessionKey: key, generation: id, tags },
      logger: host.logger,
      onChange: (servers) => this.send({ type: "RELOAD", servers: specsOf(servers, timings.drainMs) }),
    });
    const servers = specsOf(this.servers.current, timings.drainMs);
    this.#actor = createActor(sessionMachine, {
      clock: host.machineClock,
      input: { id, servers, timings, oneShot, port: sessionPort(this) },
    });
    this.view = new SessionView(this.#actor);
    this.#actor.subscribe({
      next: () => this.#onTransition(),
      complete: () => this.conclude("closed"),
      error: (error) => void this.#onActorError(error),
    });
  }

  /** Once, when the supervisor knows it. */
  start(): void {
    this.#actor.start();
  }

  get state(): string {
    return this.view.state;
  }

  get ended(): Promise<SessionReceipt> {
    return this.completion.ended;
  }

  get isEnding(): boolean {
    return this.view.isEnding;
  }

  /** The strictest deadline that its end was given, absolute milliseconds; infinite without one. */
  get endBy(): number {
    const { budget } = this.view.snapshot.context;
    // A machine in error has not kept what its last step was given.
    return budget?.deadline ?? this.completion.request?.deadline ?? Number.POSITIVE_INFINITY;
  }

  acquire(): Promise<Lease> {
    return this.leases.acquire();
  }

  async run<T>(work: (lease: Lease) => Promise<T> | T): Promise<T> {
    const lease = await this.leases.acquire();
    let failed = true;
    try {
      const result = await work(lease);
      failed = false;
      return result;
    } finally {
      lease.release({ failed });
    }
  }

  async end({ reason = "ended", cause = reason === "reset" ? "reset" : "unknown", deadlineMs }: EndOptions = {}) {
    assertReason(reason);
    const at = this.host.clock.now();
    const deadline = deadlineMs === undefined ? undefined : at + parseDuration("deadlineMs", deadlineMs);
    this.send({ type: "END", reason, cause, at, deadline });
    return await this.ended;
  }

  async reset(options: Pick<EndOptions, "deadlineMs"> = {}) {
    // Checked first: a reset that is refused must not take the key from a session that goes on.
    if (options.deadlineMs !== undefined) parseDuration("deadlineMs", options.deadlineMs);
    const ended = this.end({ ...options, reason: "reset", cause: "reset" });
    const next = this.host.successor(this);
    return { receipt: await ended, next };
  }

  retire({ required = false, reason = "ended", cause = "unknown" }: RetireOptions = {}): void {
    assertReason(reason);
    this.send({ type: "RETIRE", required, reason, cause });
  }

  reload(servers: ServerMap): void {
    this.servers.replace(parseServers(servers));
  }

  async sleep(): Promise<{ slept: true } | { slept: false; state: string }> {
    const { state } = this;
    const former = Object.keys(this.view.snapshot.context.runtimes);
    this.send({ type: "SLEEP" });
    // Taken where nobody holds a lease and no call is in flight.
    if (this.state === state) return { slept: false, state };
    // Not whatever runtime is there: somebody may acquire, and so wake it, before the former one is gone.
    const isClosing = () => former.some((id) => this.view.snapshot.context.runtimes[id]?.leaked === false);
    await this.pulse.until(() => (isClosing() && this.view.isActive ? undefined : true));
    return { slept: true };
  }

  /** Tells the machine what happened. An actor that is done drops events, and so do we, without XState's warning. */
  send(event: SessionEvent): void {
    if (this.view.isActive) this.#actor.send(event);
  }

  /** A leak is tried again by whoever owns it. */
  retry(record: CustodyRecord): void {
    if (record.owner === "net") void this.#net.retry(record);
    else this.send({ type: "RETRY", connection: record.id, runtime: runtimeOf(this, record.id) });
  }

  forget(record: CustodyRecord): void {
    if (record.owner === "net") this.#net.forget(record);
    else this.send({ type: "FORGET", connection: record.id, runtime: runtimeOf(this, record.id) });
  }

  /** The end came to this; who waits for it is told. */
  conclude(how: "closed" | "leaked"): void {
    const conclusion = this.completion.conclude(how, this.host.custody.of(this.id));
    this.leases.dispose();
    if (how === "closed") this.host.closed(this);
    if (conclusion) this.host.events.emit(conclusion.kind, conclusion.receipt);
    this.pulse.beat();
  }

  /** The context of the runtime that answers now, if there is one. */
  runtime(): RuntimeContext | undefined {
    return this.view.runtimeContext;
  }

  /** Whose event it is, and when it is. */
  moment() {
    return { key: this.key, session: this.id, at: this.host.clock.now() };
  }

  endedError(): SessionEndedError {
    return new SessionEndedError(this.state, { session: this.key, cause: this.completion.request?.error });
  }

  lifecycleOf(server: string) {
    return resolveLifecycle(this.servers.of(server)?.lifecycle);
  }

  #onTransition(): void {
    const { state } = this;
    this.#endChildren();
    if (state !== this.#announcedState) {
      this.#announcedState = state;
      this.host.events.emit("session", { ...this.moment(), state, parent: this.#parent });
    }
    this.#watchRuntime();
    this.pulse.beat();
    if (this.view.snapshot.hasTag("leaked")) this.conclude("leaked");
  }

  /**
   * Children end with their parent, by its deadline, and again when that is tightened. Not from an action of the machine: within one,
   * XState takes the actions of another machine for misplaced.
   */
  #endChildren(): void {
    const endBy = this.isEnding ? this.endBy : undefined;
    if (endBy === this.#childrenEndBy) return;
    this.#childrenEndBy = endBy;
    this.host.endChildren(this);
  }

  /** A runtime's own transitions do not show in the session's snapshot. */
  #watchRuntime(): void {
    const runtime = this.view.currentRuntime;
    if (runtime === undefined || runtime.id === this.#watchedRuntime) return;
    this.#watchedRuntime = runtime.id;
    watchRuntime(this, runtime);
  }

  /** The machine itself is in error. */
  async #onActorError(error: unknown): Promise<void> {
    this.completion.begin({ reason: "errored", cause: "unknown" });
    this.pulse.beat();
    this.#endChildren();
    await this.#net.catchAll(error);
  }
}

/** A host in JavaScript may say anything; the machines have no state for it, and the end would never come. */
function assertReason(reason: EndReason): void {
  if (!endReasons.includes(reason)) throw new ConfigError("reason", `must be one of ${endReasons.join(", ")}`);
}
