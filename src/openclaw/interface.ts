import type { McpToolCatalog } from "./catalog-interface.js";

/**
 * OpenClaw's interfaces, structurally, as far as a manager of session MCP runtimes meets them: those of 2026.4.9 (`getOrCreate`), and what
 * 2026.9.6 added (`acquire`, leases, deferred retirement).
 */

/** What a manager reads of OpenClaw's configuration. */
export interface OpenClawConfig {
  readonly mcp?:
    | {
        readonly servers?: Readonly<Record<string, unknown>> | undefined;
        /** Milliseconds; 2026.9.6. */
        readonly sessionIdleTtlMs?: unknown;
      }
    | undefined;
}

/** For which run a runtime is wanted. */
export interface RuntimeRequest {
  readonly sessionId: string;
  readonly sessionKey?: string | undefined;
  readonly workspaceDir: string;
  readonly agentDir?: string | undefined;
  readonly cfg?: OpenClawConfig | undefined;
  /** Per session: servers switched on or off, tools that are denied; 2026.9.6. */
  readonly toolOverrides?:
    | {
        readonly mcpServers?: Readonly<Record<string, boolean>> | undefined;
        readonly mcpToolsDeny?: Readonly<Record<string, readonly string[]>> | undefined;
      }
    | undefined;
  readonly requesterSenderId?: string | null | undefined;
}

/** The MCP servers of one session, as OpenClaw's runs use them. */
export interface SessionMcpRuntime {
  readonly sessionId: string;
  readonly sessionKey?: string | undefined;
  readonly workspaceDir: string;
  readonly agentDir?: string | undefined;
  readonly configFingerprint: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly activeLeases: number;
  readonly mcpAppsEnabled: false;
  markUsed(): void;
  /** Opens every server; one that fails has a diagnostic instead of tools. */
  getCatalog(): Promise<McpToolCatalog>;
  /** The last catalogue; opens nothing. */
  peekCatalog(): McpToolCatalog | null;
  callTool(serverName: string, toolName: string, input: unknown): Promise<unknown>;
  listTools(serverName: string, params?: object): Promise<unknown>;
  listResources(serverName: string): Promise<unknown>;
  readResource(serverName: string, uri: string): Promise<unknown>;
  listResourceTemplates(serverName: string, params?: object): Promise<unknown>;
  listPrompts(serverName: string): Promise<unknown>;
  getPrompt(serverName: string, name: string, args?: Readonly<Record<string, string>>): Promise<unknown>;
  getServerRequestTimeoutMs(serverName: string): number | undefined;
  isRequesterScopedServer(serverName: string): boolean;
  /** Until it is called, the session does not retire. Releasing twice is releasing once. */
  acquireLease(): () => void;
  /** Ends what the session owns; settles when that is proved, or given up. */
  dispose(): Promise<void>;
  /** Waits for an end that is under way; rejects if it could not be proved. Resolves at once while there is none. */
  joinCleanup(): Promise<void>;
}

/** A claim on a session's runtime, in OpenClaw's words. */
export interface SessionMcpRuntimeLease {
  readonly runtime: SessionMcpRuntime;
  releaseLease(): void;
}

/** What stands under `Symbol.for("openclaw.sessionMcpRuntimeManager")`. */
export interface SessionMcpRuntimeManager {
  /** 2026.4.9: the session's runtime; opens nothing yet. Rejects where the limit is reached, or the gateway is stopping. */
  getOrCreate(request: RuntimeRequest): Promise<SessionMcpRuntime>;
  /** 2026.9.6: the same, with a lease that the run releases. */
  acquire(request: RuntimeRequest): Promise<SessionMcpRuntimeLease>;
  /** Names a session. A session that loses its last name to another one retires: it ends once no run has a lease. */
  bindSessionKey(sessionKey: string, sessionId: string): void;
  resolveSessionId(sessionKey: string): string | undefined;
  /** The runtime, if there is one; makes none. */
  peekSession(which: { sessionId?: string; sessionKey?: string }): SessionMcpRuntime | undefined;
  /** Ends all of a session, whoever holds leases; settles when it is proved gone, or given up as leaked. Never rejects. */
  disposeSession(sessionId: string): Promise<void>;
  /** Ends all sessions. Never rejects. */
  disposeAll(): Promise<void>;
  /**
   * The session ends at its last release. Ordinary: another acquire cancels it. With `retainAcrossReuse` (required): nothing does, and a
   * runtime that comes into being later retires too. Returns whether there is anything to retire.
   */
  deferRetirement(sessionId: string, options?: { retainAcrossReuse?: boolean }): boolean;
  /** Waits for a deferred retirement whose last lease is released. Resolves with whether there was one. */
  completeDeferredRetirement(sessionId: string, runtime?: SessionMcpRuntime): Promise<boolean>;
  /** New configuration for every session; exactly the servers that changed are replaced. */
  reloadConfig(reload: { cfg: OpenClawConfig }): Promise<void>;
  listSessionIds(): string[];
  listRuntimeKeys(): string[];
  totalActiveLeasesForSession(sessionId: string): number;
  /** Sessions end by their own clock; there is nothing to sweep. */
  sweepIdleRuntimes(): Promise<number>;
  /** Servers whose connection depends on who asks are OpenClaw's own; there are none here. */
  acquireRequesterScoped(request: RuntimeRequest): Promise<undefined>;
  rememberAdvertisedScopedCatalog(handle: unknown, catalog: unknown): void;
  getAdvertisedScopedCatalog(sessionId: string): null;
}
