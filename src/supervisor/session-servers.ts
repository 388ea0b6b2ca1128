import {
  type AdoptedServerConfig,
  type HeldServers,
  parseServers,
  type ServerConfig,
  type ServerMap,
} from "../config/index.js";
import { messageOf } from "../errors/index.js";
import type { Logger } from "../ports/index.js";
import type { ServerSource, SessionContextInfo } from "./face.js";

/** Which servers a session has: from a map or a function of the context, and what was adopted. */
export class SessionServers {
  #source: ServerSource;
  readonly #context: SessionContextInfo;
  readonly #logger: Logger;
  readonly #onChange: (servers: HeldServers) => void;
  #configured: HeldServers = {};
  #adopted: HeldServers = {};
  #isResolved = false;
  #asked = 0;
  #answered = 0;
  #resolving: Promise<void> | undefined;
  #own: ServerMap | undefined;

  constructor(parts: {
    source: ServerSource;
    context: SessionContextInfo;
    logger: Logger;
    onChange: (servers: HeldServers) => void;
  }) {
    this.#source = parts.source;
    this.#context = parts.context;
    this.#logger = parts.logger;
    this.#onChange = parts.onChange;
    if (typeof parts.source !== "function") this.#configured = parts.source;
  }

  get current(): HeldServers {
    return { ...this.#configured, ...this.#adopted };
  }

  /** Names come from callers, and of those a model chose: `constructor` is no server because every object has one. */
  of(server: string): HeldServers[string] | undefined {
    const { current } = this;
    return Object.hasOwn(current, server) ? current[server] : undefined;
  }

  /** Whether a `servers` function has to be asked before anything can be opened. */
  get isPending(): boolean {
    return typeof this.#source === "function" && !this.#isResolved;
  }

  /** What it was reloaded with, whatever it was made with. */
  get own(): ServerMap | undefined {
    return this.#own;
  }

  /** Takes servers of its own. */
  replace(servers: ServerMap): void {
    this.#own = servers;
    this.#source = servers;
    this.#configure(servers);
  }

  /** Asks a `servers` function, once for all who wait; after a failure the next one asks again. */
  async resolve(): Promise<void> {
    if (typeof this.#source !== "function") return;
    this.#resolving ??= this.#ask(this.#source);
    try {
      await this.#resolving;
    } catch (error) {
      this.#resolving = undefined;
      throw error;
    }
  }

  /** The supervisor's configuration changed: it is taken over where it is used, and a function is asked again. */
  reload(defaults: ServerMap | undefined): void {
    if (typeof this.#source !== "function") {
      if (defaults) this.#configure(defaults);
      return;
    }
    if (!this.#isResolved) return;
    this.#resolving = undefined;
    this.resolve().catch((error: unknown) => {
      this.#logger.error(
        { session: this.#context.sessionKey, error: messageOf(error) },
        "servers function failed on reload",
      );
    });
  }

  /** A server that stays whatever is configured. */
  adopt(server: string, config: AdoptedServerConfig): void {
    this.#adopted = { ...this.#adopted, [server]: config };
    this.#onChange(this.current);
  }

  /** An adopted transport is over: it has one life, and nobody can open it again (LP-20). */
  abandon(server: string, config: ServerConfig | AdoptedServerConfig): void {
    if (this.#adopted[server] !== config) return;
    this.#adopted = Object.fromEntries(Object.entries(this.#adopted).filter(([name]) => name !== server));
    this.#onChange(this.current);
  }

  async #ask(source: Extract<ServerSource, (...args: never) => unknown>): Promise<void> {
    const asked = (this.#asked += 1);
    const answer = await source(this.#context);
    const servers = parseServers(answer, { source: `servers of session ${this.#context.sessionKey}` });
    // Asked again meanwhile, and answered, or replaced: what comes late is older.
    if (asked < this.#answered || this.#source !== source) return;
    this.#answered = asked;
    this.#isResolved = true;
    this.#configure(servers);
  }

  #configure(servers: ServerMap): void {
    this.#configured = servers;
    this.#onChange(this.current);
  }
}
