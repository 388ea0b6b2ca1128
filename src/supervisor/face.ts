import type { LifecycleError } from "../errors/index.js";
import type { ServerConfig, ServerMap } from "../config/index.js";
import type { EndCause, EndReason } from "../machines/index.js";
import type { McpClient, McpTransport, Progress, ToolDescription, TransportLook } from "../ports/index.js";
import type { Inspection } from "./inspection.js";
import type { SupervisorEvents } from "./events.js";
import type { SessionReceipt } from "./receipts.js";

/** For whom a session's servers are chosen. */
export interface SessionContextInfo {
  readonly sessionKey: string;
  readonly generation: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A map of servers, or a function that chooses one (per user, per tenant). */
export type ServerSource = ServerMap | ((context: SessionContextInfo) => ServerMap | Promise<ServerMap>);

/** Options of one generation; they count when it is made. Durations in milliseconds. */
export interface SessionOptions {
  /** Default: the supervisor's servers. */
  readonly servers?: ServerSource | undefined;
  /** The session ends when its parent ends. */
  readonly parent?: Session | undefined;
  /** The session ends with its last lease, however the run ended (LP-03). Default false. */
  readonly oneShot?: boolean | undefined;
  /** Ends the session as `timedOut` when no call ended for so long. Default 0: off. */
  readonly idleTimeoutMs?: number | undefined;
  /** Ends the session as `timedOut` so long after it was made. Default 0: off. */
  readonly maxLifetimeMs?: number | undefined;
  /** How long an end waits for calls in flight; 0 aborts them at once. Default 5 000. */
  readonly drainMs?: number | undefined;
  /** How long a required retirement waits for leases; 0 ends it at once. Default 60 000. */
  readonly requiredRetireMs?: number | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** How to end a session. */
export interface EndOptions {
  /** Default `ended`. */
  readonly reason?: EndReason | undefined;
  readonly cause?: EndCause | undefined;
  /** The end is closed or leaked within so many milliseconds. Later ends may shorten it, nothing lengthens it. */
  readonly deadlineMs?: number | undefined;
}

/** How to retire a session: end it as soon as its last lease is released. */
export interface RetireOptions extends Omit<EndOptions, "deadlineMs"> {
  /** A required retirement refuses acquires; an ordinary one is cancelled by the next. Default false. */
  readonly required?: boolean | undefined;
}

/** One generation of a session, for ever. After its end `supervisor.session(key)` makes the next. */
export interface Session {
  readonly key: string;
  /** Id of the generation. */
  readonly id: string;
  /** The machine's state, as in `active.live.idle` or `ended.draining`; `failed` if the machine itself is in error (see `netUsed`). */
  readonly state: string;
  /** Resolves with the receipt at the first of proven and leaked. Never rejects. */
  readonly ended: Promise<SessionReceipt>;
  /**
   * Claims the session: while a lease is held it is not idle, does not sleep and does not retire. Rejects with `SessionEndedError`,
   * `SupervisorShutdownError`, `AdmissionError`, or what a `servers` function threw.
   */
  acquire(): Promise<Lease>;
  /** Acquires, runs, releases, however the run ends. */
  run<T>(work: (lease: Lease) => Promise<T> | T): Promise<T>;
  /** Ends the session and resolves with its receipt. Everybody who asks joins the same end. Never rejects but for bad options (`ConfigError`). */
  end(options?: EndOptions): Promise<SessionReceipt>;
  /** Ends this generation as `reset`; the next serves the key at once. */
  reset(options?: Pick<EndOptions, "deadlineMs">): Promise<{ receipt: SessionReceipt; next: Session }>;
  /** Ends as soon as the last lease is released; resolves `ended` then. */
  retire(options?: RetireOptions): void;
  /** New servers for this session alone, for its next generations too; exactly the changed ones are replaced. Throws `ConfigError`. */
  reload(servers: ServerMap): void;
  /** Closes the connections of an idle session and keeps the session; elsewhere says in which state it was refused. */
  sleep(): Promise<{ slept: true } | { slept: false; state: string }>;
}

/** Options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; default `lifecycle.callTimeoutMs` of the server. Progress does not renew it. */
  readonly timeoutMs?: number | undefined;
  readonly onprogress?: ((progress: Progress) => void) | undefined;
}

/** A run's claim on a session. */
export interface Lease extends AsyncDisposable {
  readonly session: Session;
  /**
   * The server's client; opens that server if need be, once for all who ask. Rejects with `OpenFailedError`, `ConnectTimeoutError`,
   * `ServerLeakedError`, `RestartLimitError`, `UnknownServerError`, `SessionEndedError` or `LeaseReleasedError`.
   */
  client(server: string): Promise<McpClient>;
  /** Calls a tool. Rejects as `client` does, with `CallTimeoutError`, `CallAbortedError`, `ConnectionLostError`, or the server's error. */
  callTool(server: string, tool: string, args?: Record<string, unknown>, options?: CallOptions): Promise<unknown>;
  /** The tools of every server; opens those whose tools are not known. A server that fails is a failure, not an exception. */
  catalog(): Promise<CatalogResult>;
  /** Gives the claim back. Idempotent. */
  release(): void;
}

/** Tools by server, and why the others have none. */
export interface CatalogResult {
  readonly tools: readonly (ToolDescription & { readonly server: string })[];
  readonly failures: Readonly<Record<string, LifecycleError>>;
}

/** What a shutdown came to. */
export interface ShutdownReport {
  readonly closed: number;
  /** Of the closed ones: how many needed SIGKILL. */
  readonly forced: number;
  readonly leaked: number;
  readonly receipts: readonly SessionReceipt[];
}

/** What there is of a connection's process tree; see `ConnectionReceipt`. */
export type ConnectionLook = Pick<TransportLook, "survivors" | "unreaped" | "doubtful">;

/** Takes back what gave it. */
export interface Subscription extends Disposable {
  dispose(): void;
}

/** Owns the MCP servers of all sessions of a gateway. */
export interface Supervisor {
  /** The key's current generation; makes one, dormant, if there is none. Throws `ConfigError` and `SupervisorShutdownError`. */
  session(key: string, options?: SessionOptions): Session;
  /** Binds the key to a new generation; the old one retires (required, cause `superseded`) and ends at its last release (LP-04). */
  rebind(key: string, options?: SessionOptions): Session;
  /**
   * Puts a transport that the host opened itself into custody, as a connection of that session named `server`. The host keeps using its
   * own client; the end of the session closes the transport and ends the tree of `pid`.
   * Rejects with `ConfigError` where the session has a server of that name.
   */
  adopt(key: string, transport: McpTransport, options?: { pid?: number; server?: string }): Promise<Session>;
  /** New configuration for all sessions that use the supervisor's servers; exactly the changed ones are replaced. Throws `ConfigError`. */
  reload(servers: Readonly<Record<string, ServerConfig>>): void;
  /** Everything there is, as plain data. */
  inspect(): Inspection;
  /** Looks at the process tree of a connection, now. Rejects with `UnknownConnectionError`, or `ProcessTableError` where it cannot be seen. */
  look(connectionId: string): Promise<ConnectionLook>;
  on<Name extends keyof SupervisorEvents>(event: Name, listener: (data: SupervisorEvents[Name]) => void): Subscription;
  /** Gives a leaked connection up; recorded in the receipt. Throws `UnknownConnectionError`. */
  forget(connectionId: string, why: string): void;
  /** Ends everything within `deadlineMs` (default 10 000) and admits nothing any more. Single flight; a stricter second call hurries it. */
  shutdown(options?: { deadlineMs?: number; cause?: EndCause }): Promise<ShutdownReport>;
}
