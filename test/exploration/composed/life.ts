import type { AnyActorRef } from "xstate";
import { isLifecycleError, type LifecycleError, messageOf } from "../../../src/errors/index.js";
import { noLogger } from "../../../src/ports/index.js";
import type { Lease, Session } from "../../../src/supervisor/face.js";
import type { SessionHandle } from "../../../src/supervisor/session-handle.js";
import type { SessionReceipt } from "../../../src/supervisor/receipts.js";
import { SessionSupervisor } from "../../../src/supervisor/supervisor.js";
import { VirtualClock } from "../../../src/testing/simulation/index.js";
import { sessionActorOf, stageOf } from "./actor-probe.js";
import { Gates } from "./gates.js";
import { GatedTransport } from "./gated-transport.js";
import type { Setting } from "./settings.js";

/** One life of a session: the unchanged supervisor over gated ports and virtual time, and what its host was promised. */
export class Life {
  readonly setting: Setting;
  readonly gates = new Gates();
  readonly clock = new VirtualClock({ drain: () => Promise.resolve() });
  readonly transports: GatedTransport[] = [];
  readonly supervisor: SessionSupervisor;
  readonly session: Session;
  readonly actor: AnyActorRef;
  /** Sentences on what went wrong, in the moment in which it did. */
  readonly violations: string[] = [];
  readonly leases: Lease[] = [];
  readonly receipts = new Set<SessionReceipt>();
  readonly states: string[] = [];
  /** What the host waits for, and did not get yet. */
  readonly awaited: string[] = [];
  leakReports = 0;
  /** Connections that were open when the session fell asleep. */
  readonly letGo = new Set<GatedTransport>();
  #hasTerminalState = false;
  reloadedAt: number | undefined;
  /** Closed or leaked by then. */
  endBy = Number.POSITIVE_INFINITY;
  /** Force is used by then. */
  killBy = Number.POSITIVE_INFINITY;
  /** No call is cut before. */
  cutFrom = Number.POSITIVE_INFINITY;

  constructor(setting: Setting) {
    this.setting = setting;
    this.supervisor = new SessionSupervisor({
      servers: setting.servers,
      clock: this.clock,
      factory: { create: (request) => this.#create(request) },
      logger: noLogger,
      limits: {},
      traceLeases: false,
      exit: "ignore",
    });
    this.supervisor.on("session", ({ state }) => this.#entered(state));
    this.supervisor.on("connection", ({ state }) => {
      if (state === "leaked") this.leakReports += 1;
    });
    const { made, actor } = sessionActorOf(() => this.supervisor.session("key", setting.timings));
    this.session = made;
    this.actor = actor;
    void this.session.ended.then((receipt) => this.receipts.add(receipt));
  }

  get isEnding(): boolean {
    return (this.session as SessionHandle).completion.request !== undefined;
  }

  get isClosed(): boolean {
    return this.session.state === "closed";
  }

  /** What the host is promised: it settles, and fails with nothing but typed errors. */
  async expect<T>(what: string, work: Promise<T>): Promise<T | LifecycleError> {
    this.awaited.push(what);
    try {
      return await work;
    } catch (error) {
      if (isLifecycleError(error)) return error;
      this.violations.push(`I10: ${what} failed with an untyped error: ${messageOf(error)}`);
      throw error;
    } finally {
      this.awaited.splice(this.awaited.indexOf(what), 1);
    }
  }

  /** An end was asked for; nothing ever lengthens it. */
  hurry(deadlineMs: number | undefined): void {
    const now = this.clock.now();
    const { longestEndMs, reserveMs, timings } = this.setting;
    if (!this.#hasTerminalState) this.cutFrom = Math.min(this.cutFrom, now + timings.drainMs);
    this.endBy = Math.min(this.endBy, now + Math.min(longestEndMs, deadlineMs ?? Number.POSITIVE_INFINITY));
    if (deadlineMs === undefined) return;
    this.killBy = Math.min(this.killBy, now + deadlineMs - Math.min(reserveMs, deadlineMs / 3));
    this.cutFrom = Math.min(this.cutFrom, this.killBy);
  }

  #entered(state: string): void {
    this.states.push(state);
    if (state.startsWith("active") || this.#hasTerminalState) return;
    this.hurry(undefined);
    this.#hasTerminalState = true;
  }

  #create(request: ConstructorParameters<typeof GatedTransport>[0]["request"]): GatedTransport {
    const transport = new GatedTransport({
      request,
      gates: this.gates,
      witness: {
        stirsOf: ({ request: { connectionId } }) => this.supervisor.custody.stirring.count(connectionId),
        stageOf: ({ request: { connectionId } }) => {
          const { state, visit } = stageOf(this.actor, connectionId);
          return { state, visit: `${visit} ${this.leakReports}` };
        },
        openBegins: (opening) => this.#openBegins(opening),
        bornTree: (born) => this.#born(born),
        closingBegins: (closing) => this.#closingBegins(closing),
        callCut: (cut) => this.#callCut(cut),
      },
    });
    this.transports.push(transport);
    return transport;
  }

  #openBegins(transport: GatedTransport): void {
    if (this.isEnding) this.violations.push(`I4: an open of ${transport.server} started after the end began`);
    this.#born(transport);
  }

  #born({ server, request }: GatedTransport): void {
    const other = this.transports.find(
      (each) => each.server === server && each.request !== request && (each.hasTree || each.isOpening),
    );
    if (other) this.violations.push(`I11: a second tree of ${server} before the first is gone`);
  }

  #closingBegins(transport: GatedTransport): void {
    const { wasOpened, isInputEnded, signal, hasLeader, kind, server } = transport;
    // What opened too late was given up before.
    const isHealthy = wasOpened && signal?.aborted === false && !isInputEnded && (kind !== "stdio" || hasLeader);
    const isAskedFor = this.isEnding || this.reloadedAt !== undefined || this.letGo.has(transport);
    if (isHealthy && !isAskedFor && this.leases.length > 0)
      this.violations.push(`I5: ${server} is closed by our choice while its session is leased`);
  }

  #callCut({ hasLeader, kind, server }: GatedTransport): void {
    const isLost = kind === "stdio" && !hasLeader;
    const { drainMs } = this.setting.timings;
    const from = Math.min(this.cutFrom, (this.reloadedAt ?? Number.POSITIVE_INFINITY) + drainMs);
    if (!isLost && this.clock.now() < from)
      this.violations.push(`I5: a call on ${server} is cut before the drain deadline`);
  }
}
