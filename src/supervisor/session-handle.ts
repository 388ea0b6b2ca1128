import { type Actor, type ActorRefFrom, createActor } from "xstate";
import { parseDuration, resolveLifecycle } from "../config/index.js";
import { ConfigError, SessionEndedError } from "../errors/index.js";
import {
  actorOf,
  type EndReason,
  endReasons,
  type RuntimeContext,
  type runtimeMachine,
  type SessionEvent,
  sessionMachine,
  type SessionTimings,
} from "../machines/index.js";
import { takeOver } from "./connection-port.js";
import type { CustodyRecord } from "./custody.js";
import type { EndOptions, Lease, RetireOptions, ServerSource, Session } from "./face.js";
import type { InspectedLease } from "./inspection.js";
import { LeaseHandle } from "./lease-handle.js";
import { Pulse } from "./pulse.js";
import type { SessionReceipt } from "./receipts.js";
import { specsOf } from "./server-specs.js";
import { SessionCompletion } from "./session-completion.js";
import type { SessionHost } from "./session-host.js";
import { portOwner, runtimeOf, sessionPort } from "./session-port.js";
import { SessionServers } from "./session-servers.js";
import { statePath } from "./state-path.js";

/** What a handle is made of; checked by then. */
export interface SessionParts {
  readonly host: SessionHost;
  readonly key: string;
  readonly id: string;
  readonly servers: ServerSource;
  readonly timings: SessionTimings;
  readonly oneShot: boolean;
  readonly tags: Readonly<Record<string, string>>;
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
  readonly #actor: Actor<typeof sessionMachine>;
  readonly #leases = new Map<string, LeaseHandle>();
  #leaseCount = 0;
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
    this.#actor.subscribe({
      next: () => this.#onTransition(),
      complete: () => this.#onEnd("closed"),
      error: (error) => void this.#onActorError(error),
    });
  }

  /** Once, when the supervisor knows it. */
  start(): void {
    this.#actor.start();
  }

  get state(): string {
    const snapshot = this.#actor.getSnapshot();
    return snapshot.status === "error" ? "failed" : statePath(snapshot.value);
  }

  get ended(): Promise<SessionReceipt> {
    return this.completion.ended;
  }

  /** Live or ending: what admission counts. A sleeper counts until its former runtime is gone. */
  get isLive(): boolean {
    const snapshot = this.#actor.getSnapshot();
    if (snapshot.status !== "active" || !snapshot.hasTag("owns-transport")) return false;
    return this.state !== "active.asleep" || Object.keys(snapshot.context.runtimes).length > 0;
  }

  get isEnding(): boolean {
    const snapshot = this.#actor.getSnapshot();
    return snapshot.status !== "active" || snapshot.hasTag("terminal");
  }

  /** The strictest deadline that its end was given, absolute milliseconds; infinite without one. */
  get endBy(): number {
    const { budget } = this.#actor.getSnapshot().context;
    // A machine in error has not kept what its last step was given.
    return budget?.deadline ?? this.completion.request?.deadline ?? Number.POSITIVE_INFINITY;
  }

  /** Serves its key no more. */
  get isRetired(): boolean {
    return this.isEnding || this.state === "active.live.retiring.required";
  }

  acquire(): Promise<Lease> {
    return this.#acquire();
  }

  async run<T>(work: (lease: Lease) => Promise<T> | T): Promise<T> {
    const lease = await this.#acquire();
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

  async sleep(): Promise<{ slept: true } | { slept: false; state: string }> {
    const { state } = this;
    if (state !== "active.live.idle") return { slept: false, state };
    const former = Object.keys(this.#actor.getSnapshot().context.runtimes);
    this.send({ type: "SLEEP" });
    if (this.state === state) return { slept: false, state };
    // Not whatever runtime is there: somebody may acquire, and so wake it, before the former one is gone.
    const isClosing = () => former.some((id) => this.#actor.getSnapshot().context.runtimes[id]?.leaked === false);
    await this.pulse.until(() => (isClosing() && this.#actor.getSnapshot().status === "active" ? undefined : true));
    return { slept: true };
  }

  /** Tells the machine what happened. An actor that is done drops events, and so do we, without XState's warning. */
  send(event: SessionEvent): void {
    if (this.#actor.getSnapshot().status === "active") this.#actor.send(event);
  }

  releaseLease(lease: LeaseHandle, failed: boolean): void {
    this.#leases.delete(lease.id);
    this.send({ type: "RELEASE", lease: lease.id, at: this.host.clock.now(), failed });
  }

  leases(): readonly InspectedLease[] {
    return [...this.#leases.values()].map(({ id, acquiredAt, acquiredBy }) => ({ id, acquiredAt, acquiredBy }));
  }

  /** The context of the runtime that answers now, if there is one. */
  runtime(): RuntimeContext | undefined {
    return this.#currentRuntime()?.getSnapshot().context;
  }

  endedError(): SessionEndedError {
    return new SessionEndedError(this.state, { session: this.key });
  }

  lifecycleOf(server: string) {
    return resolveLifecycle(this.servers.of(server)?.lifecycle);
  }

  async #acquire(): Promise<LeaseHandle> {
    // For the leak report only; taking a stack is not free.
    const acquiredBy = this.host.traceLeases ? new Error("acquired here").stack : undefined;
    // No await where none is needed: acquiring is ownership from its first instant (LP-06).
    if (this.servers.isPending) await this.#unlessEnded(this.servers.resolve());
    this.host.admit(this);
    const id = `lease.${(this.#leaseCount += 1)}`;
    const acquiredAt = this.host.clock.now();
    this.send({ type: "ACQUIRE", lease: id, at: acquiredAt });
    // XState drops an event that no state handles without a word; a lease that is not there was refused.
    if (!this.#actor.getSnapshot().context.leases.includes(id)) throw this.endedError();
    const lease = new LeaseHandle({ id, session: this, acquiredAt, acquiredBy });
    this.#leases.set(id, lease);
    return lease;
  }

  /** Whoever waits for a function of the host is refused when the session ends; the function may never answer. */
  async #unlessEnded(work: Promise<void>): Promise<void> {
    const stop = new AbortController();
    const ended = this.pulse.until(() => {
      if (this.isEnding) throw this.endedError();
      return undefined;
    }, stop.signal);
    try {
      await Promise.race([work, ended]);
    } finally {
      stop.abort();
      ended.catch(() => undefined);
    }
  }

  #currentRuntime(): ActorRefFrom<typeof runtimeMachine> | undefined {
    const { context, children } = this.#actor.getSnapshot();
    return context.current === undefined
      ? undefined
      : (children[actorOf(context.current)] as ActorRefFrom<typeof runtimeMachine> | undefined);
  }

  #onTransition(): void {
    const { state } = this;
    this.#endChildren();
    if (state !== this.#announcedState) {
      this.#announcedState = state;
      this.host.events.emit("session", { key: this.key, session: this.id, state });
    }
    this.#watchRuntime();
    this.pulse.beat();
    if (this.#actor.getSnapshot().hasTag("leaked")) this.#onEnd("leaked");
  }

  /**
   * Children end with their parent, by its deadline, and again when that is tightened. Not from an action of the machine: within one,
   * XState takes the actions of another machine for misplaced.
   */
  #endChildren(): void {
    const { endBy } = this;
    if (!this.isEnding || endBy === this.#childrenEndBy) return;
    this.#childrenEndBy = endBy;
    this.host.endChildren(this);
  }

  /** A runtime's own transitions do not show in the session's snapshot. */
  #watchRuntime(): void {
    const runtime = this.#currentRuntime();
    if (runtime === undefined || runtime.id === this.#watchedRuntime) return;
    this.#watchedRuntime = runtime.id;
    runtime.subscribe({ next: () => this.pulse.beat(), error: () => this.pulse.beat() });
  }

  #onEnd(how: "closed" | "leaked"): void {
    const conclusion = this.completion.conclude(how, this.host.custody.of(this.id));
    if (how === "closed") this.host.closed(this);
    if (conclusion) this.host.events.emit(conclusion.kind, conclusion.receipt);
  }

  /** A leak is tried again by whoever owns it. */
  retry(record: CustodyRecord): void {
    if (record.owner === "net") void this.#retryByNet(record);
    else this.send({ type: "RETRY", connection: record.id, runtime: runtimeOf(this, record.id) });
  }

  forget(record: CustodyRecord): void {
    if (record.owner === "machine") {
      this.send({ type: "FORGET", connection: record.id, runtime: runtimeOf(this, record.id) });
      return;
    }
    const owner = portOwner(this);
    owner.ended(record, "forgotten");
    this.host.custody.remove(record);
    owner.removed();
    this.#concludeIfFailed();
  }

  /** The session's machine itself is in error: custody is the net (design rule 7). */
  async #onActorError(error: unknown): Promise<void> {
    this.completion.begin({ reason: "errored", cause: "unknown" });
    this.pulse.beat();
    this.#endChildren();
    await Promise.all(this.host.custody.of(this.id).map((record) => this.#takeOver(record, error)));
    this.#concludeIfFailed();
  }

  async #retryByNet(record: CustodyRecord): Promise<void> {
    await this.#takeOver(record, undefined);
    this.#concludeIfFailed();
  }

  async #takeOver(record: CustodyRecord, error: unknown): Promise<void> {
    const { custody } = this.host;
    const deadline = record.state === "leaked" ? undefined : this.endBy;
    await takeOver({ custody, owner: portOwner(this), record, error, tools: custody, deadline });
  }

  /** A machine in error says nothing any more; what custody holds says how its end stands. */
  #concludeIfFailed(): void {
    if (this.#actor.getSnapshot().status !== "error") return;
    this.#onEnd(this.host.custody.of(this.id).length === 0 ? "closed" : "leaked");
    this.pulse.beat();
  }
}

/** A host in JavaScript may say anything; the machines have no state for it, and the end would never come. */
function assertReason(reason: EndReason): void {
  if (!endReasons.includes(reason)) throw new ConfigError("reason", `must be one of ${endReasons.join(", ")}`);
}
