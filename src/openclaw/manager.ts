import { isLifecycleError } from "../errors/index.js";
import type { EndCause } from "../machines/index.js";
import { noLogger, systemClock } from "../ports/index.js";
import type { EndOptions, ShutdownReport } from "../supervisor/face.js";
import { CoreOnDemand } from "./core-on-demand.js";
import type { OpenClawConfig, RuntimeRequest, SessionMcpRuntime, SessionMcpRuntimeManager } from "./interface.js";
import { defaultRunLimitMs, type ManagerOptions } from "./manager-options.js";
import { ManagedSessions } from "./managed-sessions.js";
import { OpenRuns } from "./open-runs.js";
import type { Dialect } from "./read-servers.js";
import { RuntimeSource } from "./runtime-source.js";
import { SessionNames } from "./session-names.js";
import type { ManagedRuntime } from "./session-runtime.js";
import { refusal } from "./told-errors.js";

/**
 * OpenClaw's manager of session MCP runtimes, on a supervisor: each session id is a session of it, each runtime a generation. Nothing is loaded
 * and nothing started before the first session asks.
 */
export class LifecycleManager implements SessionMcpRuntimeManager {
  readonly #core: CoreOnDemand;
  readonly #runs: OpenRuns;
  readonly #names = new SessionNames();
  /** Session ids whose runtimes retire whatever comes: a reset or a deletion waits for their run. */
  readonly #required = new Set<string>();
  readonly #sessions = new ManagedSessions((id) => this.#forget(id));
  readonly #source: RuntimeSource;

  constructor(options: ManagerOptions) {
    const { logger = noLogger, clock = systemClock, now = Date.now, runLimitMs = defaultRunLimitMs } = options;
    this.#core = new CoreOnDemand(options.core);
    this.#runs = new OpenRuns({ clock, logger, limitMs: runLimitMs });
    this.#source = new RuntimeSource({ core: this.#core, sessions: this.#sessions, options, logger, now });
  }

  /** Whether a session has, or is about to get, a runtime. */
  get isInUse(): boolean {
    return this.#core.isWaitedFor || this.#sessions.allUsable().length > 0;
  }

  async getOrCreate(request: RuntimeRequest): Promise<SessionMcpRuntime> {
    const runtime = await this.#runtimeFor(request, "getOrCreate");
    if (runtime.hasServers) await this.#granted(runtime, this.#runs.begin(runtime));
    return runtime;
  }

  async acquire(request: RuntimeRequest) {
    const runtime = await this.#runtimeFor(request, "acquire");
    if (!runtime.hasServers) return { runtime, releaseLease: () => undefined };
    const { granted, release } = runtime.claims.claim();
    try {
      await this.#granted(runtime, granted);
    } catch (error) {
      release();
      throw error;
    }
    return { runtime, releaseLease: release };
  }

  /** A run of that session is over; `isOneShot` ends the session with it, once every other run has released it. */
  runEnded({ sessionId, isOneShot, failed }: { sessionId: string; isOneShot: boolean; failed: boolean }): void {
    this.#runs.end(sessionId);
    if (!isOneShot) return;
    const end = failed
      ? ({ reason: "errored", cause: "run-failed" } as const)
      : ({ reason: "ended", cause: "run-end" } as const);
    this.#sessions.retire(sessionId, { required: true, ...end });
  }

  bindSessionKey(sessionKey: string, sessionId: string): void {
    const nameless = this.#names.bind(sessionKey, sessionId);
    if (nameless === undefined) return;
    this.#sessions.retire(nameless, { required: true, reason: "ended", cause: "superseded" });
  }

  resolveSessionId(sessionKey: string): string | undefined {
    return this.#names.idOf(sessionKey);
  }

  peekSession({ sessionId, sessionKey }: { sessionId?: string; sessionKey?: string }): SessionMcpRuntime | undefined {
    const id = sessionId ?? (sessionKey === undefined ? undefined : this.#names.idOf(sessionKey));
    return id === undefined ? undefined : this.#sessions.usable(id);
  }

  async disposeSession(sessionId: string): Promise<void> {
    await this.endSession(sessionId, { reason: "ended", cause: "disposed" });
  }

  /** Ends every generation of a session, whoever holds leases; resolves when each is proved gone, or leaked. */
  async endSession(sessionId: string, options: EndOptions): Promise<void> {
    this.#core.dispose(sessionId);
    this.#required.delete(sessionId);
    const ended = this.#sessions.end(sessionId, options);
    this.#runs.end(sessionId);
    await ended;
  }

  /** Ends a session at its last release; a runtime that it gets later is another one's. */
  retireSession(sessionId: string, options: Pick<EndOptions, "reason" | "cause">): void {
    this.#sessions.retire(sessionId, { required: true, ...options });
  }

  async disposeAll(): Promise<void> {
    this.#core.dispose();
    this.#required.clear();
    await this.#sessions.end(undefined, { reason: "ended", cause: "shutdown" });
  }

  /** Ends everything within `deadlineMs`, and refuses whatever comes later, until `reopen`. */
  async shutdown(options: { deadlineMs: number; cause: EndCause }): Promise<ShutdownReport | undefined> {
    const core = this.#core.close();
    return await core?.supervisor.shutdown(options);
  }

  /** The gateway starts again, in the same process. */
  reopen(): void {
    this.#core.open();
  }

  deferRetirement(sessionId: string, { retainAcrossReuse = false }: { retainAcrossReuse?: boolean } = {}): boolean {
    if (retainAcrossReuse) this.#required.add(sessionId);
    const isThere = this.#sessions.usable(sessionId) !== undefined;
    this.#sessions.retire(sessionId, { required: retainAcrossReuse, reason: "ended", cause: "retired" });
    return isThere || retainAcrossReuse;
  }

  async completeDeferredRetirement(sessionId: string, runtime?: SessionMcpRuntime): Promise<boolean> {
    if (runtime !== undefined && runtime.sessionId !== sessionId) return false;
    // Of leases that were released this instant the session hears a moment later.
    await Promise.resolve();
    const ending = this.#sessions.ending(sessionId);
    await Promise.all(ending.map((session) => session.ended));
    return ending.length > 0;
  }

  reloadConfig({ cfg }: { cfg: OpenClawConfig }): Promise<void> {
    this.#source.reload(cfg);
    return Promise.resolve();
  }

  listSessionIds(): string[] {
    return this.#sessions.allUsable().map(({ sessionId }) => sessionId);
  }

  listRuntimeKeys(): string[] {
    return this.listSessionIds();
  }

  totalActiveLeasesForSession(sessionId: string): number {
    return this.#sessions.usable(sessionId)?.activeLeases ?? 0;
  }

  sweepIdleRuntimes(): Promise<number> {
    return Promise.resolve(0);
  }

  acquireRequesterScoped(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  rememberAdvertisedScopedCatalog(): void {}

  getAdvertisedScopedCatalog(): null {
    return null;
  }

  async #runtimeFor(request: RuntimeRequest, dialect: Dialect): Promise<ManagedRuntime> {
    const runtime = await this.#source.for(request, dialect);
    const { sessionId, sessionKey = "" } = request;
    if (sessionKey !== "") this.bindSessionKey(sessionKey, sessionId);
    return runtime;
  }

  /** A session that was refused is over: nothing would ever end it. */
  async #granted(runtime: ManagedRuntime, claim: Promise<unknown>): Promise<void> {
    try {
      await claim;
    } catch (error) {
      if (isLifecycleError(error) && error.code === "ADMISSION") void runtime.dispose();
      throw refusal(error, runtime.sessionId);
    }
    if (this.#required.has(runtime.sessionId)) this.deferRetirement(runtime.sessionId, { retainAcrossReuse: true });
  }

  #forget(sessionId: string): void {
    this.#names.forget(sessionId);
    this.#source.forget(sessionId);
    this.#required.delete(sessionId);
    this.#runs.end(sessionId);
  }
}
