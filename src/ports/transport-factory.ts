import type { AdoptedServerConfig, ServerConfig } from "../config/server-config.js";
import type { LifecycleError } from "../errors/index.js";
import type { McpClient, ToolDescription } from "./mcp-client.js";
import type { ContainmentLevel, ExitStatus, ObservedProcess, TreeRef } from "./process-host.js";

/** How a server is reached; `adopted`: by a transport that the host opened itself. */
export type TransportKind = "stdio" | "streamable-http" | "sse" | "in-memory" | "adopted";

/** Opens connections. Tests replace it as a whole. */
export interface TransportFactory {
  /** Makes the handle and starts nothing; never throws. Custody enters the handle before it calls `open`. */
  create(request: OpenRequest): TransportHandle;
}

/** What a connection is opened with, and whom it reports to. */
export interface OpenRequest {
  /** Unique to this life of the connection; the attempt that callbacks belong to. */
  readonly connectionId: string;
  readonly config: ServerConfig | AdoptedServerConfig;
  readonly context: ClientContext;
  readonly calls: CallGate;
  /** The connection was open and is not any more; at most once, and never after `endInput` was called. */
  onLost(error: LifecycleError): void;
  /** Something happened that makes a look worth while: the leader exited, a socket closed. */
  onStir(): void;
  /** The server said that its tools changed. */
  onToolsChanged(): void;
}

/** For whom a connection is opened; given to `createClient`, and to `headers` and `env` where they are functions. */
export interface ClientContext {
  readonly sessionKey: string;
  /** Id of the session's generation. */
  readonly generation: string;
  readonly server: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** Knows which calls are in flight, and whether one may start. */
export interface CallGate {
  /**
   * Registers a call. Throws the typed error that says why none may start now. `cancel` is called if the call has to be given
   * up; it must settle the call with that error.
   */
  start(cancel: (error: LifecycleError) => void): CallTicket;
}

export interface CallTicket {
  /** The call was answered, failed or was cancelled. Idempotent. */
  finish(): void;
}

/** What a successful opening gives. */
export interface OpenedTransport {
  readonly client: McpClient;
  readonly tools: readonly ToolDescription[];
}

/**
 * One transport with everything it owns, for one life. The connection machine decides what is called when; each method may be
 * called at any time, also before `open` and again, and none throws synchronously. Nothing in here waits for a grace.
 */
export interface TransportHandle {
  readonly kind: TransportKind;
  readonly containment: ContainmentLevel | undefined;
  /** Pid of the tree's leader, from the moment it is known. */
  readonly pid: number | undefined;
  /** The tree, from the moment it exists. */
  readonly tree: TreeRef | undefined;
  /** What is known of an opening that does not get on: what the server wrote to its stderr last, say. */
  readonly hint?: string | undefined;
  /**
   * Starts, initializes and lists. Rejects with a `LifecycleError` once `signal` is aborted or something failed; whatever has come
   * into being by then stays in this handle and is found by `look`. Settles in bounded time after an abort unless the world hangs.
   */
  open(signal: AbortSignal): Promise<OpenedTransport>;
  /** Reads the tools again, all pages. */
  listTools(signal: AbortSignal): Promise<readonly ToolDescription[]>;
  /**
   * The protocol's goodbye: DELETE of the HTTP session, 404 and 405 being success. Resolves with whether one was said: there is none
   * in most protocols, and none to say to a server that made no session.
   */
  release(signal: AbortSignal): Promise<boolean>;
  /** Closes what the server reads from: stdin, or streams, sockets and timers of HTTP. No request starts after it. */
  endInput(): Promise<void>;
  /** SIGTERM to the tree; nothing where there is none. */
  terminate(): Promise<void>;
  /** SIGKILL to the tree; nothing where there is none. */
  kill(): Promise<void>;
  /** What is left now. */
  look(): Promise<TransportLook>;
  /** The host's command for the proved end, where there is one and there was a tree. */
  readonly afterClose?: AfterClose | undefined;
  /** It could not be proved gone, and is tried again: for who looks from outside. */
  leaked?(): void;
  /** For the exit of the gateway: kills without waiting. */
  killSync(): void;
  /** Proved gone or given up: drops buffers, listeners and what the process host remembers. */
  dispose(): void;
}

/** A command that runs once a tree is proved gone; a tree itself, of which nothing is left. */
export interface AfterClose {
  /** Once: a second call joins the first. Resolves when nothing of it is left, however it went; never rejects. */
  run(): Promise<void>;
  /** SIGKILL to what is left of it, until nothing is. Never rejects. */
  stop(): Promise<void>;
  /** How it went, from the moment it was started. */
  readonly report: AfterCloseReport | undefined;
}

/** How the command went that ran once the tree was proved gone. */
export interface AfterCloseReport {
  readonly tookMs: number;
  readonly exit?: ExitStatus | undefined;
  /** Why it did not go as it should, if it did not. It never changes the outcome of the end. */
  readonly problem?: string | undefined;
}

/** Evidence of what is left of a transport. */
export interface TransportLook {
  /** True when nothing local and nothing remote is left. */
  readonly empty: boolean;
  readonly survivors: readonly ObservedProcess[];
  readonly unreaped: readonly ObservedProcess[];
  /** May be ours, not proved so; see `TreeLook`. */
  readonly doubtful: readonly ObservedProcess[];
  /** Open requests, streams and timers of ours. */
  readonly sockets: number;
  /** An HTTP session that the server may still keep for us. */
  readonly remote?: RemoteSession | undefined;
  readonly exit?: ExitStatus | undefined;
  /** The end of what the server wrote to stderr, 64 KiB at most. */
  readonly stderrTail?: string | undefined;
}

/** An HTTP session that a server may still keep. */
export interface RemoteSession {
  /** Origin and path, without query and credentials. */
  readonly url: string;
  /** Whether its session id was learned; without it nobody can delete it (LP-39). */
  readonly idKnown: boolean;
  /** Why it could not be deleted. */
  readonly problem: string;
}
