import { ConfigError } from "../../errors/index.js";
import { Gateway, type GatewayOptions } from "../../gateway/index.js";
import type { Logger } from "../../ports/index.js";
import { somethingLeft } from "../exit-codes.js";
import { listenForInterruption } from "../interruption.js";
import { createGatewayLogger, type LogOptions } from "./gateway-logger.js";
import { report, welcome } from "./gateway-text.js";
import { metricsRoutes } from "./metrics-routes.js";
import { openServers, type ServersSource } from "./servers-source.js";
import { serveStdio } from "./stdio-client.js";
import { traceWhereAsked } from "./trace-where-asked.js";

/** Options of the command. */
export interface GatewayCommandOptions extends LogOptions {
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
  readonly leaseWarn: number;
  readonly metrics?: true;
  readonly ledger: boolean;
  readonly containment: string;
}

/** Runs a gateway until it is interrupted or its client goes, and gives the exit code. Rejects with `ConfigError`. */
export async function startGateway(options: GatewayCommandOptions): Promise<number> {
  const logger = createGatewayLogger(options);
  using source = await openServers(options.config, logger);
  const gateway = new Gateway({ ...gatewayOptions(options, source, logger), ...(await metricsOf(options)) });
  source.follow(gateway);
  await traceWhereAsked(gateway.supervisor);
  // From here on: until then Ctrl-C ends a process that has started nothing.
  using interruption = listenForInterruption({ onHangup: () => source.reload() });
  const { signal } = interruption;
  const shutDown = () => gateway.shutdown({ deadlineMs: options.shutdownDeadline });
  try {
    await (options.stdio ? serveStdio(gateway, signal) : serveHttp(gateway, options, source, signal));
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
  { config, token, metrics }: GatewayCommandOptions,
  { servers }: ServersSource,
  signal: AbortSignal,
): Promise<void> {
  const url = await gateway.listen();
  const needsToken = (token ?? process.env["MCP_LIFECYCLE_TOKEN"]) !== undefined;
  const isEmbedded = config === undefined;
  process.stdout.write(
    welcome({ url, servers: Object.keys(servers), isEmbedded, needsToken, metrics: metrics === true }),
  );
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
}

async function metricsOf({ metrics, stdio }: GatewayCommandOptions): Promise<Pick<GatewayOptions, "routes">> {
  if (metrics === undefined) return {};
  if (stdio) throw new ConfigError("--metrics", "is served over HTTP; there is none with --stdio");
  return { routes: await metricsRoutes() };
}

function gatewayOptions(
  options: GatewayCommandOptions,
  { servers, secrets }: ServersSource,
  logger: Logger,
): GatewayOptions {
  const { host, port, prefix, allowedHost, allowedOrigin, clientLost, idleTimeout, maxLifetime, drain } = options;
  return {
    servers,
    secrets,
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
    // What is no level is said by the supervisor's own check.
    containment: options.containment as GatewayOptions["containment"],
    leaseWarnMs: options.leaseWarn,
    logger,
  };
}
