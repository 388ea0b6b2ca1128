import { loadServersFile, type ServerMap } from "../../config/index.js";
import { ConfigError } from "../../errors/index.js";
import { Gateway, type GatewayOptions } from "../../gateway/index.js";
import { listenForInterruption } from "../interruption.js";
import { embeddedServers } from "./embedded-servers.js";
import { report, welcome } from "./gateway-text.js";
import { stderrLogger } from "./stderr-logger.js";
import { serveStdio } from "./stdio-client.js";

/** Options of the command. */
export interface GatewayCommandOptions {
  readonly config?: string;
  readonly host: string;
  readonly port: number;
  readonly token?: string;
  readonly prefix: boolean;
  readonly stdio?: true;
  readonly allowedHost?: readonly string[];
  readonly allowedOrigin?: readonly string[];
  readonly clientLost: number;
  readonly idleTimeout: number;
  readonly maxLifetime: number;
  readonly drain: number;
  readonly shutdownDeadline: number;
  readonly maxSessions: number;
  readonly maxSessionsPerClient: number;
  readonly maxRequests: number;
  readonly maxBody: number;
  readonly ledger: boolean;
}

const somethingLeft = 1;

/** Runs a gateway until it is interrupted or its client goes, and gives the exit code. Rejects with `ConfigError`. */
export async function startGateway(options: GatewayCommandOptions): Promise<number> {
  const servers = options.config === undefined ? embeddedServers() : await configured(options.config);
  const gateway = new Gateway(gatewayOptions(options, servers));
  // From here on: until then Ctrl-C ends a process that has started nothing.
  using interruption = listenForInterruption();
  const { signal } = interruption;
  const shutDown = () => gateway.shutdown({ deadlineMs: options.shutdownDeadline });
  try {
    await (options.stdio ? serveStdio(gateway, signal) : serveHttp(gateway, options, servers, signal));
  } catch (error) {
    await shutDown();
    throw error;
  }
  const ended = await shutDown();
  // Standard output is the client's where it is one.
  (options.stdio ? process.stderr : process.stdout).write(report(ended, interruption.cause()?.name));
  return ended.leaked > 0 ? somethingLeft : (interruption.cause()?.exitCode ?? 0);
}

async function serveHttp(
  gateway: Gateway,
  { config, token }: GatewayCommandOptions,
  servers: ServerMap,
  signal: AbortSignal,
): Promise<void> {
  const url = await gateway.listen();
  const needsToken = (token ?? process.env["MCP_LIFECYCLE_TOKEN"]) !== undefined;
  process.stdout.write(welcome({ url, servers: Object.keys(servers), isEmbedded: config === undefined, needsToken }));
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

async function configured(path: string): Promise<ServerMap> {
  const servers = await loadServersFile(path);
  if (Object.keys(servers).length === 0) throw new ConfigError("mcpServers", `names no server (in ${path})`);
  return servers;
}

function gatewayOptions(options: GatewayCommandOptions, servers: ServerMap): GatewayOptions {
  const { host, port, prefix, allowedHost, allowedOrigin, clientLost, idleTimeout, maxLifetime, drain } = options;
  return {
    servers,
    host,
    port,
    prefix,
    token: options.token ?? process.env["MCP_LIFECYCLE_TOKEN"],
    allowedHosts: allowedHost,
    allowedOrigins: allowedOrigin,
    // The one client of standard input is there for as long as that is open.
    clientLostMs: options.stdio ? 0 : clientLost,
    idleTimeoutMs: idleTimeout,
    maxLifetimeMs: maxLifetime,
    drainMs: drain,
    limits: {
      sessions: options.maxSessions,
      sessionsPerClient: options.maxSessionsPerClient,
      requests: options.maxRequests,
      bodyBytes: options.maxBody,
    },
    ledger: options.ledger ? {} : false,
    logger: stderrLogger(),
  };
}
