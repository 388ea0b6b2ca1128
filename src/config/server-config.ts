import type { McpTransport } from "../ports/mcp-client.js";
import type { ClientContext } from "../ports/transport-factory.js";

/** A value, or a function of the context that is asked at each open (headers: at each request). */
export type PerContext<T> = T | ((context: ClientContext) => T | Promise<T>);

/** A child process that speaks MCP on stdin and stdout. */
export interface StdioServerConfig {
  readonly type?: "stdio" | undefined;
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Added to the safe defaults (HOME, PATH and the like); nothing else of the gateway's environment is inherited. */
  readonly env?: PerContext<Readonly<Record<string, string>>> | undefined;
  readonly cwd?: string | undefined;
  readonly lifecycle?: TreeLifecycleOptions | undefined;
}

/** A server reached over HTTP: Streamable HTTP, or the older HTTP+SSE. */
export interface HttpServerConfig {
  readonly type?: "http" | "sse" | undefined;
  readonly url: string;
  readonly headers?: PerContext<Readonly<Record<string, string>>> | undefined;
  /** An `OAuthClientProvider` of the SDK, or a function that gives one. In code only. */
  readonly authProvider?: PerContext<object> | undefined;
  readonly lifecycle?: LifecycleOptions | undefined;
}

/** A server in this process. In code only. */
export interface InMemoryServerConfig {
  readonly type: "in-memory";
  /** Makes a fresh server for each connection; `close` of it is awaited at the end. */
  readonly createServer: () => InMemoryServer | Promise<InMemoryServer>;
  readonly lifecycle?: LifecycleOptions | undefined;
}

/** The structure of the SDK's `Server` and `McpServer`. */
export interface InMemoryServer {
  connect(transport: never): Promise<void>;
  close(): Promise<void>;
}

/** A server as it is configured: a process, an address, or one in this process. */
export type ServerConfig = StdioServerConfig | HttpServerConfig | InMemoryServerConfig;

/** By name. */
export type ServerMap = Readonly<Record<string, ServerConfig>>;

/** Graces and limits of one server, as data; each number in milliseconds, at least 0 and below 2^31. */
export interface LifecycleOptions {
  /** Spawn, initialize and list together. Default 30 000. */
  readonly connectTimeoutMs?: number | undefined;
  /** One call. Default 60 000. */
  readonly callTimeoutMs?: number | undefined;
  /** How long a closing waits for an opening that was aborted. Default 2 000. */
  readonly settleMs?: number | undefined;
  /** The goodbye (HTTP DELETE). Default 5 000. */
  readonly releaseMs?: number | undefined;
  /** From the end of input until SIGTERM. Default 2 000, as the SDK. */
  readonly inputEndedMs?: number | undefined;
  /** From SIGTERM until SIGKILL. Default 2 000, as the SDK. */
  readonly terminatingMs?: number | undefined;
  /** From the first SIGKILL until `leaked`. Default 5 000. */
  readonly verifyMs?: number | undefined;
  /** Closes this connection (not the session) when no call ended for so long. Default 0: off. */
  readonly idleTimeoutMs?: number | undefined;
  /** A session without this server is worth nothing: if it cannot be opened, the session ends as `errored`. Default false. */
  readonly required?: boolean | undefined;
  /** What happens when an open connection is lost; `false`: it opens again at its next use only. */
  readonly restart?: RestartOptions | false | undefined;
}

/** What a server that is a process tree has beside. */
export interface TreeLifecycleOptions extends LifecycleOptions {
  /** Runs once the tree is proved gone, for what the server started elsewhere: a container, say. Default: nothing runs. */
  readonly afterClose?: AfterCloseOptions | undefined;
}

/** A command of the host. It runs in the working directory of the server, as a tree of its own that is ended like any other. */
export interface AfterCloseOptions {
  readonly command: string;
  readonly args?: readonly string[] | undefined;
  /** Added to the safe defaults, and to `MCP_LIFECYCLE_ENDED`: what ended, as JSON with `connection`, `server` and `session` (its key). */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** After so long it is killed. Default 10 000. A deadline of the end may shorten it. */
  readonly timeoutMs?: number | undefined;
}

/** Back-off and restart intensity, in the sense of an OTP supervisor: more than `limit` losses `withinMs` give up. */
export interface RestartOptions {
  /** Default 500. */
  readonly initialDelayMs?: number | undefined;
  /** Each failure doubles the delay up to this. Default 30 000. */
  readonly maxDelayMs?: number | undefined;
  /** Default 5. */
  readonly limit?: number | undefined;
  /** Default 60 000. */
  readonly withinMs?: number | undefined;
}

/** What stands in place of a configuration for a transport that the host opened itself; made by `supervisor.adopt` only. */
export interface AdoptedServerConfig {
  readonly type: "adopted";
  readonly transport: McpTransport;
  /** Leader of the process tree behind it. */
  readonly pid?: number | undefined;
  readonly lifecycle?: undefined;
}

/** Anything custody can hold, by name. */
export type HeldServers = Readonly<Record<string, ServerConfig | AdoptedServerConfig>>;
