import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
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

  /** Answers an `initialize`: opens a session, if there may be one more. */
  async open(exchange: Exchange, messages: readonly JSONRPCMessage[]): Promise<Refusal | undefined> {
    return this.#refusal(exchange.client) ?? (await this.#enter(exchange.client).start(exchange, messages));
  }

  #enter(address: string): HttpSession {
    const { context, directory, clientLostMs } = this.#parts;
    const onEnding = (session: HttpSession) => {
      this.#byId.delete(session.id);
      this.#byKey.delete(session.key);
      directory.leave(session.core);
    };
    const session = new HttpSession({ context, address, clientLostMs, onEnding });
    this.#byId.set(session.id, session);
    this.#byKey.set(session.key, session);
    directory.enter(session.core);
    return session;
  }

  #refusal(address: string): Refusal | undefined {
    const { limits } = this.#parts;
    if (this.#byId.size >= limits.sessions) return tooMany("sessions", limits.sessions);
    const own = this.all().filter((session) => session.address === address).length;
    if (own >= limits.sessionsPerClient) return tooMany("sessionsPerClient", limits.sessionsPerClient);
    return undefined;
  }
}

function tooMany(limit: keyof SessionLimits, value: number): Refusal {
  const message = `limits.${limit} = ${value} is reached; end a session (DELETE), or come back later`;
  return { status: 429, code: "TOO_MANY_SESSIONS", message, headers: { "Retry-After": "10" } };
}
