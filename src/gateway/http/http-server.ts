import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { ConfigError, messageOf } from "../../errors/index.js";
import type { Logger } from "../../ports/index.js";
import type { Admittance } from "./admittance.js";
import { answerPreflight, showToOrigin } from "./cors.js";
import { type Refusal, refuse, refuseRest } from "./exchange.js";
import type { Routes } from "./routes.js";

/** What the server of a gateway is made of. */
export interface HttpServerParts {
  readonly admittance: Admittance;
  readonly routes: Routes;
  readonly limits: HttpLimits;
  readonly logger: Logger;
}

export interface HttpLimits {
  /** TCP connections at once. What comes beyond is closed. */
  readonly connections: number;
  /** Requests at once, streams not counted. */
  readonly requests: number;
  /** Until the headers of a request are there. */
  readonly headersMs: number;
  /** Until a request is there as a whole. */
  readonly requestMs: number;
}

const idleLookMs = 20;

/** HTTP in front of a gateway: lets requests in or refuses them, and hands them to what answers their path. */
export class HttpServer {
  readonly #parts: HttpServerParts;
  readonly #server: Server;
  readonly #unused = new Set<Socket>();
  #underWay = 0;
  #isClosing = false;

  constructor(parts: HttpServerParts) {
    const { headersMs, requestMs, connections } = parts.limits;
    this.#parts = parts;
    this.#server = createServer(
      // Node looks once an interval; a third of the shortest limit keeps it near to what was said.
      {
        headersTimeout: headersMs,
        requestTimeout: requestMs,
        connectionsCheckingInterval: Math.ceil(Math.min(headersMs, requestMs) / 3),
        keepAlive: true,
        keepAliveInitialDelay: 30_000,
      },
      (request, response) => void this.#serve(request, response),
    );
    this.#server.maxConnections = connections;
    this.#server.on("connection", (socket) => {
      this.#unused.add(socket);
      socket.once("close", () => this.#unused.delete(socket));
    });
  }

  /** Rejects with `ConfigError` if the address is taken or is none of this machine's. */
  async listen(port: number, host: string): Promise<AddressInfo> {
    try {
      this.#server.listen({ port, host });
      await once(this.#server, "listening");
    } catch (error) {
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      const field = code === "EADDRNOTAVAIL" || code === "ENOTFOUND" ? "host" : "port";
      throw new ConfigError(
        field,
        `${host}:${port} cannot be listened on: ${listenProblems[code] ?? messageOf(error)}`,
        error,
      );
    }
    return this.#server.address() as AddressInfo;
  }

  /** From now on every request is refused with 503; those under way go on. */
  refuseNew(): void {
    this.#isClosing = true;
  }

  /** Stops listening; what is still open after `graceMs` is cut. */
  async close(graceMs: number): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, "close");
    this.#server.close();
    // Again and again: one becomes idle when the answer that it carries is read.
    const close = setInterval(() => this.#closeIdle(), idleLookMs);
    const cut = setTimeout(() => this.#server.closeAllConnections(), graceMs);
    await closed;
    clearInterval(close);
    clearTimeout(cut);
  }

  #closeIdle(): void {
    this.#server.closeIdleConnections();
    // Node counts a connection as idle only once it has carried a request.
    for (const socket of this.#unused) socket.destroy();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#unused.delete(request.socket);
    // A client that goes away is nobody's error.
    request.on("error", () => undefined);
    response.on("error", () => undefined);
    try {
      await this.#answer(request, response);
    } catch (error) {
      this.#parts.logger.error({ error: messageOf(error), path: pathOf(request) }, "a request was not answered");
      refuse(response, internal);
      response.destroy();
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { admittance, routes, limits } = this.#parts;
    const { method = "", socket } = request;
    const url = urlOf(request);
    if (url === undefined) return refuseRest({ request, response }, badTarget);
    const isPreflight = method === "OPTIONS";
    const found = routes.find(method, url.pathname);
    const isPublic = isPreflight || ("route" in found && found.route.isPublic === true);
    const refusal = admittance.refusal(request, { isPublic });
    if (refusal !== undefined) return refuseRest({ request, response }, refusal);
    showToOrigin({ request, response, admittance });
    if (isPreflight) return answerPreflight(response);
    if (this.#isClosing && !isPublic) return refuseRest({ request, response }, shuttingDown);
    if ("refusal" in found) return refuseRest({ request, response }, found.refusal);
    if (found.route.isStream !== true) {
      if (this.#underWay >= limits.requests) return refuseRest({ request, response }, tooMany(limits.requests));
      this.#underWay += 1;
      response.once("close", () => (this.#underWay -= 1));
    }
    const client = socket.remoteAddress ?? "";
    await found.route.answer({ request, response, url, params: found.params, client });
  }
}

const listenProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: "it is in use; take another one with --port",
  EACCES: "permission denied",
  EADDRNOTAVAIL: "no such address on this machine",
  ENOTFOUND: "no such host",
};

const internal: Refusal = { status: 500, code: "INTERNAL", message: "the gateway failed to answer; its log says why" };
const badTarget: Refusal = { status: 400, code: "BAD_TARGET", message: "the request's target is no path" };
const shuttingDown: Refusal = {
  status: 503,
  code: "SHUTDOWN",
  message: "the gateway is shutting down",
  headers: { "Retry-After": "5", Connection: "close" },
};

function tooMany(limit: number): Refusal {
  const message = `${limit} requests are under way already (limits.requests)`;
  return { status: 429, code: "TOO_MANY_REQUESTS", message, headers: { "Retry-After": "1" } };
}

function urlOf({ url = "/" }: IncomingMessage): URL | undefined {
  if (!url.startsWith("/")) return undefined;
  try {
    return new URL(`http://gateway${url}`);
  } catch {
    return undefined;
  }
}

/** Without the query, which may hold what is nobody's to read. */
function pathOf(request: IncomingMessage): string | undefined {
  return urlOf(request)?.pathname;
}
