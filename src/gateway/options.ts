import { isIP } from "node:net";
import * as z from "zod";
import { count, durationMs } from "../config/durations.js";
import { parseServers, type ServerMap } from "../config/index.js";
import { problemsOf, throwProblems } from "../config/problem.js";
import { strict } from "../config/strict.js";
import { ConfigError } from "../errors/index.js";
import type { Clock, Logger } from "../ports/index.js";
import type { ContainmentChoice } from "../processes/index.js";
import type { LedgerOptions } from "../recovery/index.js";
import type { Route } from "./http/exchange.js";
import type { Overview } from "./overview.js";
import type { Supervisor } from "../supervisor/face.js";

/** How a gateway is run. Durations in milliseconds; 0 is off where nothing else is said. */
export interface GatewayOptions {
  readonly servers: ServerMap;
  /** What is never to be printed beside the values of `env`, `headers` and URLs: what the environment put into arguments, say. */
  readonly secrets?: readonly string[] | undefined;
  /** Default `127.0.0.1`. Any address that is not this machine's own needs a `token`. */
  readonly host?: string | undefined;
  /** Default 3333; 0 takes a free one. */
  readonly port?: number | undefined;
  /** Bearer token that every request has to bring. */
  readonly token?: string | undefined;
  /** Whether names of tools and prompts begin with their server's. Default true. */
  readonly prefix?: boolean | undefined;
  /** Names the gateway may be addressed by, beside `localhost`, IP addresses and `host`. */
  readonly allowedHosts?: readonly string[] | undefined;
  /** Origins of web pages that may use the gateway, beside its own. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Ends a client's session as `timedOut` when no call ended for so long. Default 0. */
  readonly idleTimeoutMs?: number | undefined;
  /** Ends a client's session as `timedOut` so long after it was opened. Default 0. */
  readonly maxLifetimeMs?: number | undefined;
  /** Ends a client's session as `timedOut` when it had no request and no stream open for so long. Default 300 000. */
  readonly clientLostMs?: number | undefined;
  /** How long an end waits for calls in flight. Default 5 000; 0 aborts them at once. */
  readonly drainMs?: number | undefined;
  /** A request that holds its session for longer is logged, with the stack of who serves it. Default 300 000; 0 logs none. */
  readonly leaseWarnMs?: number | undefined;
  readonly limits?: Partial<GatewayLimits> | undefined;
  /** Receipts of ended sessions that are kept. Default 100. */
  readonly receipts?: number | undefined;
  /** What ends servers if the gateway is killed; see `SupervisorOptions`. Default `{}`. */
  readonly ledger?: LedgerOptions | false | undefined;
  /** How process trees are held; see `SupervisorOptions`. Default `auto`. */
  readonly containment?: ContainmentChoice | undefined;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** Further paths: a page, metrics. Asked once, when the gateway is made. */
  readonly routes?: ((view: GatewayView) => readonly Route[]) | undefined;
}

/** What further routes may see. */
export interface GatewayView {
  readonly supervisor: Supervisor;
  overview(): Overview;
}

/** What is refused beyond; each at least 1. */
export interface GatewayLimits {
  /** Bytes of one request's body. Default 4 MiB. */
  readonly bodyBytes: number;
  /** Until a request's headers are there. Default 10 000. */
  readonly headersMs: number;
  /** Until a request is there as a whole. Default 30 000. */
  readonly requestMs: number;
  /** Requests under way at once, streams not counted. Default 512. */
  readonly requests: number;
  /** TCP connections at once. Default 2 048. */
  readonly connections: number;
  /** Sessions served at once. Default 256. */
  readonly sessions: number;
  /** Sessions of one address. Default 128. */
  readonly sessionsPerClient: number;
  /** Process trees, over all sessions. Default 1 024. */
  readonly trees: number;
}

export type ResolvedOptions = ReturnType<typeof parseGatewayOptions>;

/** Fills in the defaults. Throws one `ConfigError` for everything that is wrong. */
export function parseGatewayOptions(options: GatewayOptions) {
  const { logger: _logger, clock: _clock, routes: _routes, servers, ...checked } = options;
  const result = schema.safeParse(checked);
  throwProblems(problemsOf(result.error?.issues ?? [], ["options"]));
  const { limits = {}, host = "127.0.0.1", ...rest } = options;
  if (options.token === undefined && !isOwn(host)) {
    const text = `is required to listen on ${host}: whoever reaches it could start the servers (--token or MCP_LIFECYCLE_TOKEN)`;
    throw new ConfigError("token", text);
  }
  const { port = 3_333, prefix = true, allowedHosts = [], allowedOrigins = [], clientLostMs = 300_000 } = rest;
  return {
    ...rest,
    host,
    port,
    prefix,
    allowedOrigins,
    clientLostMs,
    allowedHosts: isIP(host) === 0 ? [...allowedHosts, host] : allowedHosts,
    servers: parseServers(servers),
    limits: { ...defaultLimits, ...definedIn(limits) },
    receipts: options.receipts ?? 100,
    leaseWarnMs: options.leaseWarnMs ?? 300_000,
  };
}

const defaultLimits: GatewayLimits = {
  bodyBytes: 4 * 1_024 * 1_024,
  headersMs: 10_000,
  requestMs: 30_000,
  requests: 512,
  connections: 2_048,
  sessions: 256,
  sessionsPerClient: 128,
  trees: 1_024,
};

const limitFields = Object.fromEntries(Object.keys(defaultLimits).map((name) => [name, count(1).optional()]));

const schema = strict({
  host: z.string().min(1).optional(),
  port: z.number().int().min(0).max(65_535).optional(),
  token: z.string().min(8, "must be at least 8 characters").regex(/^\S+$/, "must not hold white space").optional(),
  prefix: z.boolean().optional(),
  allowedHosts: z.array(z.string().min(1)).optional(),
  allowedOrigins: z.array(z.url()).optional(),
  idleTimeoutMs: durationMs.optional(),
  maxLifetimeMs: durationMs.optional(),
  clientLostMs: durationMs.optional(),
  drainMs: durationMs.optional(),
  leaseWarnMs: durationMs.optional(),
  secrets: z.array(z.string()).optional(),
  limits: strict(limitFields).optional(),
  receipts: count(0).optional(),
  ledger: z.unknown().optional(),
  containment: z.unknown().optional(),
});

function isOwn(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function definedIn<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
