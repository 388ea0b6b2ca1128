import { randomUUID } from "node:crypto";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { GatewayContext } from "../context.js";
import type { Exchange, Refusal } from "../http/exchange.js";
import type { ClientDirectory } from "./client-directory.js";
import { HttpSession } from "./http-session.js";

export interface HttpSessionsParts {
  readonly context: GatewayContext;
  readonly directory: ClientDirectory;
  readonly limits: SessionLimits;
  readonly clientLostMs: number;
}

export interface SessionLimits {
  /** Sessions served at once, in all. */
  readonly sessions: number;
  /** Of one address. */
  readonly sessionsPerClient: number;
}

/** The sessions of all HTTP clients: by the secret that a client sends, and by the key that everybody may know. */
export class HttpSessions {
  readonly #parts: HttpSessionsParts;
  readonly #byId = new Map<string, HttpSession>();
  readonly #byKey = new Map<string, HttpSession>();
  /** Addresses of those that are just being opened. */
  readonly #opening: string[] = [];

  constructor(parts: HttpSessionsParts) {
    this.#parts = parts;
  }

  /** Those that are served; one whose end began is not. */
  all(): readonly HttpSession[] {
    return [...this.#byId.values()];
  }

  byId(id: string): HttpSession | undefined {
    return this.#byId.get(id);
  }

  byKey(key: string): HttpSession | undefined {
    return this.#byKey.get(key);
  }

  /** Answers an `initialize`, and opens a session if it is a good one. */
  async open(exchange: Exchange, body: unknown): Promise<Refusal | undefined> {
    const { client } = exchange;
    const refusal = this.#refusal(client);
    if (refusal !== undefined) return refusal;
    const id = randomUUID();
    this.#opening.push(client);
    const settled = () => {
      const index = this.#opening.indexOf(client);
      if (index >= 0) this.#opening.splice(index, 1);
    };
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => id,
      // Not before: a request that the SDK refuses opens nothing.
      onsessioninitialized: async () => {
        settled();
        const session = this.#enter(id, transport, client);
        session.attend(exchange);
        await session.start();
      },
    });
    exchange.response.once("close", settled);
    await transport.handleRequest(exchange.request, exchange.response, body);
    return undefined;
  }

  #enter(id: string, transport: StreamableHTTPServerTransport, address: string): HttpSession {
    const { context, directory, clientLostMs } = this.#parts;
    const onEnding = (session: HttpSession) => {
      this.#byId.delete(session.id);
      this.#byKey.delete(session.key);
      directory.leave(session.core);
    };
    const session = new HttpSession({ id, transport, context, address, clientLostMs, onEnding });
    this.#byId.set(id, session);
    this.#byKey.set(session.key, session);
    directory.enter(session.core);
    return session;
  }

  #refusal(address: string): Refusal | undefined {
    const { limits } = this.#parts;
    const addresses = [...this.all().map((session) => session.address), ...this.#opening];
    if (addresses.length >= limits.sessions) return tooMany("sessions", limits.sessions);
    const own = addresses.filter((other) => other === address).length;
    if (own >= limits.sessionsPerClient) return tooMany("sessionsPerClient", limits.sessionsPerClient);
    return undefined;
  }
}

function tooMany(limit: keyof SessionLimits, value: number): Refusal {
  const message = `limits.${limit} = ${value} is reached; end a session (DELETE), or come back later`;
  return { status: 429, code: "TOO_MANY_SESSIONS", message, headers: { "Retry-After": "10" } };
}
