import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { packageVersion } from "../config/package-version.js";
import { parseServers, Redactor, type ServerMap } from "../config/index.js";
import { noLogger, systemClock } from "../ports/index.js";
import { createSupervisor } from "../supervisor/create-supervisor.js";
import type { ShutdownReport, Supervisor } from "../supervisor/face.js";
import { logEvents } from "../telemetry/log-events.js";
import type { GatewayContext } from "./context.js";
import { EndedSessions } from "./ended-sessions.js";
import { Admittance } from "./http/admittance.js";
import { HttpServer } from "./http/http-server.js";
import { mcpRoutes } from "./http/mcp-routes.js";
import { operatorRoutes } from "./http/operator-routes.js";
import { processRoute } from "./http/process-route.js";
import { Routes } from "./http/routes.js";
import { pageRoutes } from "./page/page-routes.js";
import { type GatewayOptions, parseGatewayOptions, type ResolvedOptions } from "./options.js";
import { type Overview, overview } from "./overview.js";
import { Prefixes } from "./proxy/names.js";
import { redactingLogger } from "./redacting-logger.js";
import { ClientDirectory } from "./sessions/client-directory.js";
import { ClientSession } from "./sessions/client-session.js";
import { HttpSessions } from "./sessions/http-sessions.js";

/** How long answers that were given may take to be read once everything has ended. */
const lastAnswersMs = 1_000;

/** An MCP gateway: one MCP server in front, a session of the supervisor for each client, the configured servers behind. */
export class Gateway {
  readonly supervisor: Supervisor;
  readonly #context: GatewayContext;
  readonly #options: ResolvedOptions;
  readonly #directory = new ClientDirectory();
  readonly #sessions: HttpSessions;
  readonly #ended: EndedSessions;
  readonly #http: HttpServer;
  readonly #redactor = new Redactor();
  #servers: ServerMap;
  #prefixes: Prefixes;
  #shutdown: Promise<ShutdownReport> | undefined;

  /** Starts nothing. Throws `ConfigError`. */
  constructor(options: GatewayOptions) {
    const resolved = parseGatewayOptions(options);
    const { servers, token, limits, clientLostMs, prefix, clock = systemClock, ledger } = resolved;
    this.#options = resolved;
    this.#servers = servers;
    this.#prefixes = new Prefixes(Object.keys(servers));
    this.#redactor.learnServers(servers);
    this.#redactor.learn(...(resolved.secrets ?? []), ...(token === undefined ? [] : [token]));
    const logger = redactingLogger(resolved.logger ?? noLogger, this.#redactor);
    this.supervisor = createSupervisor({
      servers,
      clock,
      logger,
      ledger,
      containment: resolved.containment,
      limits: { trees: limits.trees },
      leaseWarnMs: resolved.leaseWarnMs,
      // The host of a gateway listens for signals itself, and says what came of it.
      signals: false,
      createClient: (context) => this.#directory.createClient(context),
    });
    logEvents(this.supervisor, logger);
    const { idleTimeoutMs, maxLifetimeMs, drainMs } = resolved;
    this.#context = {
      supervisor: this.supervisor,
      servers: () => this.#servers,
      prefixes: prefix ? () => this.#prefixes : undefined,
      sessionOptions: { idleTimeoutMs, maxLifetimeMs, drainMs },
      info: { name: "mcp-lifecycle-gateway", version: packageVersion },
      redactor: this.#redactor,
      clock,
      logger,
    };
    this.#directory.follow(this.supervisor);
    this.#ended = new EndedSessions(this.supervisor, { kept: resolved.receipts });
    this.#sessions = new HttpSessions({ context: this.#context, directory: this.#directory, limits, clientLostMs });
    this.#http = new HttpServer({
      admittance: new Admittance({ ...resolved, token }),
      routes: this.#routes(),
      limits,
      logger,
    });
  }

  /** Listens, and gives the address of `/mcp`. Rejects with `ConfigError` if it cannot. */
  async listen(): Promise<URL> {
    const { host, port } = this.#options;
    const address = await this.#http.listen(port, host);
    return new URL(`http://${host.includes(":") ? `[${host}]` : host}:${address.port}/mcp`);
  }

  /** Serves one client on a transport of its own, stdio say. Resolves with what ends it. */
  async serve(transport: Transport): Promise<ClientSession> {
    const session = new ClientSession({
      key: "stdio",
      context: this.#context,
      hasStream: () => true,
      onEnding: () => this.#directory.leave(session),
    });
    this.#directory.enter(session);
    await session.serve(transport);
    return session;
  }

  overview(): Overview {
    return overview({ context: this.#context, ended: this.#ended, served: (key) => this.#sessions.byKey(key) });
  }

  /** Replaces exactly the servers that changed, and tells every client that its lists may have. Throws `ConfigError`, and nothing changed then. */
  reload(servers: ServerMap, { secrets = [] }: Pick<GatewayOptions, "secrets"> = {}): void {
    const parsed = parseServers(servers);
    const prefixes = new Prefixes(Object.keys(parsed));
    this.#redactor.learnServers(parsed);
    this.#redactor.learn(...secrets);
    this.supervisor.reload(parsed);
    this.#servers = parsed;
    this.#prefixes = prefixes;
    for (const session of this.#directory.all()) session.listsChanged();
  }

  /** Ends every session within `deadlineMs` (default 10 000), answers what is under way, and stops listening. A stricter second call hurries it. */
  async shutdown(options: { deadlineMs?: number } = {}): Promise<ShutdownReport> {
    const served = this.#directory.all();
    this.#http.refuseNew();
    const ended = this.supervisor.shutdown(options);
    this.#shutdown ??= this.#close(ended, served);
    return await this.#shutdown;
  }

  async #close(ended: Promise<ShutdownReport>, served: readonly ClientSession[]): Promise<ShutdownReport> {
    const report = await ended;
    await Promise.all(served.map((session) => session.over));
    await this.#http.close(lastAnswersMs);
    return this.#redactor.data(report);
  }

  #routes(): Routes {
    const { routes, limits } = this.#options;
    const view = { supervisor: this.supervisor, overview: () => this.overview() };
    const operator = {
      context: this.#context,
      sessions: this.#sessions,
      ended: this.#ended,
      isShuttingDown: () => this.#shutdown !== undefined,
    };
    return new Routes([
      ...mcpRoutes(this.#sessions, { bodyBytes: limits.bodyBytes, clock: this.#context.clock }),
      ...(routes?.(view) ?? []),
      ...pageRoutes({ needsToken: this.#options.token !== undefined }),
      processRoute(this.#context),
      ...operatorRoutes(operator),
    ]);
  }
}
