import type { Logger } from "../ports/index.js";
import type { CoreOnDemand } from "./core-on-demand.js";
import type { ManagerCore } from "./core.js";
import type { OpenClawConfig, RuntimeRequest } from "./interface.js";
import { defaultRunLimitMs, type ManagerOptions } from "./manager-options.js";
import type { ManagedSessions } from "./managed-sessions.js";
import type { Dialect, ServersRead } from "./read-servers.js";
import { configsOf, createSessionRuntime, type ManagedRuntime } from "./session-runtime.js";

/** What a runtime was last asked for with. */
interface Asked {
  readonly request: RuntimeRequest;
  readonly dialect: Dialect;
}

interface SourceParts {
  readonly core: CoreOnDemand;
  readonly sessions: ManagedSessions;
  readonly options: ManagerOptions;
  readonly logger: Logger;
  readonly now: () => number;
}

/** Gives each request its runtime: the one that is there, brought up to date, or a new generation. */
export class RuntimeSource {
  readonly #parts: SourceParts;
  readonly #asked = new Map<string, Asked>();

  constructor(parts: SourceParts) {
    this.#parts = parts;
  }

  /** Rejects as `CoreOnDemand.for` does. */
  async for(request: RuntimeRequest, dialect: Dialect): Promise<ManagedRuntime> {
    const { core: onDemand, sessions } = this.#parts;
    const asked = { request, dialect };
    const core = await onDemand.for(request.sessionId);
    const read = this.#read(core, asked);
    const current = sessions.usable(request.sessionId);
    if (current === undefined) return this.#create(core, read, asked);
    if (current.workspaceDir !== request.workspaceDir || current.agentDir !== request.agentDir) {
      void current.session.end({ reason: "ended", cause: "superseded" });
      return this.#create(core, read, asked);
    }
    this.#update(current, read, asked);
    current.markUsed();
    return current;
  }

  /** Another configuration for every runtime; those whose servers are the same notice nothing. */
  reload(cfg: OpenClawConfig): void {
    const core = this.#parts.core.loaded;
    if (core === undefined) return;
    for (const runtime of this.#parts.sessions.allUsable()) {
      const last = this.#asked.get(runtime.sessionId);
      if (last === undefined) continue;
      const asked = { ...last, request: { ...last.request, cfg } };
      this.#update(runtime, this.#read(core, asked), asked);
    }
  }

  forget(sessionId: string): void {
    this.#asked.delete(sessionId);
  }

  #create(core: ManagerCore, read: ServersRead, asked: Asked): ManagedRuntime {
    const { options, sessions, now } = this.#parts;
    const { request } = asked;
    const session = core.supervisor.session(request.sessionId, {
      servers: configsOf(read),
      idleTimeoutMs: options.idleTimeoutMs ?? idleTtlOf(request.cfg),
      maxLifetimeMs: options.maxLifetimeMs,
      drainMs: options.drainMs,
      requiredRetireMs: options.runLimitMs ?? defaultRunLimitMs,
      tags: { gateway: "openclaw", sessionKey: request.sessionKey ?? "" },
    });
    const runtime = createSessionRuntime({ request, session, read, now });
    sessions.enter(runtime);
    this.#asked.set(request.sessionId, asked);
    return runtime;
  }

  #update(runtime: ManagedRuntime, read: ServersRead, asked: Asked): void {
    this.#asked.set(runtime.sessionId, asked);
    if (runtime.configFingerprint !== read.fingerprint) runtime.reconfigure(read);
  }

  #read(core: ManagerCore, { request, dialect }: Asked): ServersRead {
    const read = core.read(request, dialect);
    for (const { name, why } of read.skipped)
      this.#parts.logger.warn({ session: request.sessionId }, `server "${name}" is skipped: ${why}`);
    return read;
  }
}

function idleTtlOf(cfg: OpenClawConfig | undefined): number {
  const ttl = cfg?.mcp?.sessionIdleTtlMs;
  return typeof ttl === "number" && Number.isFinite(ttl) && ttl > 0 ? Math.min(Math.floor(ttl), 2 ** 31 - 1) : 0;
}
