import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { ResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { resolveLifecycle, type ServerMap } from "../../config/index.js";
import { messageOf } from "../../errors/index.js";
import { type Clock, type Logger, noTimeoutMs } from "../../ports/index.js";
import { abortAfter } from "../../supervisor/abort-after.js";
import type { Session } from "../../supervisor/face.js";
import { abortable } from "../../transports/linked-abort.js";
import type { Wishes } from "./wishes.js";

/** A request or a notification as it goes through, with whatever fields it has. */
export interface Message {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>> | undefined;
}

/** A result with whatever fields it has. */
export type Result = Record<string, unknown>;

/** The kinds of things that a server may say it has. */
export type Capability = "tools" | "resources" | "prompts" | "logging" | "completions";

export interface UpstreamsParts {
  /** The generation that serves now. */
  readonly session: () => Session;
  readonly servers: () => ServerMap;
  readonly wishes: Wishes;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The servers of one client's session. A server is opened by its first request, and leased for as long as that takes. */
export class Upstreams {
  readonly #parts: UpstreamsParts;
  readonly #clients = new Map<string, Client>();
  readonly #told = new WeakMap<Client, Promise<void>>();

  constructor(parts: UpstreamsParts) {
    this.#parts = parts;
  }

  get names(): readonly string[] {
    return Object.keys(this.#parts.servers());
  }

  /** A client was made for that server; it is open soon, or never. */
  enter(server: string, client: Client): void {
    this.#clients.set(server, client);
  }

  /** The connection of that server is open: it is told what the client had wished before. */
  async opened(server: string): Promise<void> {
    const client = this.#clients.get(server);
    if (client !== undefined) await this.#tell(server, client);
  }

  closed(server: string, client: Client): void {
    if (this.#clients.get(server) === client) this.#clients.delete(server);
  }

  /** Sends it through and gives what the server answers. Rejects as a lease's calls do, or with the server's error. */
  async request(server: string, message: Message, signal: AbortSignal): Promise<Result> {
    return await this.with(server, signal, (client, options) =>
      client.request({ ...message, params: { ...message.params } }, ResultSchema, options),
    );
  }

  /** Opens the server if need be. `work` gets its client, and what every request to it has to be sent with. */
  async with<T>(
    server: string,
    signal: AbortSignal,
    work: (client: Client, options: { signal: AbortSignal; timeout: number }) => Promise<T>,
  ): Promise<T> {
    const { session, servers, clock } = this.#parts;
    const lease = await session().acquire();
    try {
      const client = (await abortable(lease.client(server), signal)) as unknown as Client;
      await this.#tell(server, client);
      const { callTimeoutMs } = resolveLifecycle(servers()[server]?.lifecycle);
      using limit = abortAfter(clock, callTimeoutMs, { outer: signal, place: { session: lease.session.key, server } });
      try {
        return await work(client, { signal: limit.signal, timeout: noTimeoutMs });
      } catch (error) {
        throw limit.signal.aborted ? limit.signal.reason : error;
      }
    } finally {
      // Once the answer is on its way: a release is a turn of the machine, and the client need not wait for it.
      setImmediate(() => lease.release());
    }
  }

  /** Tells every server that is open; opens none, and waits for none. */
  notify(message: Message): void {
    for (const server of this.#clients.keys()) this.notifyTo(server, message);
  }

  /** Tells one server, if it is open. */
  notifyTo(server: string, { method, params }: Message): void {
    this.#clients
      .get(server)
      ?.notification({ method, params: { ...params } })
      .catch((error: unknown) =>
        this.#parts.logger.debug({ server, method, error: messageOf(error) }, "a notification was not sent"),
      );
  }

  /** Asks every server that is open and has that capability, in parallel; opens none, and one that refuses harms nobody. */
  async requestOpen(message: Message, capability: Capability, signal: AbortSignal): Promise<void> {
    const asked = [...this.#clients].filter(([, client]) => client.getServerCapabilities()?.[capability] !== undefined);
    await Promise.allSettled(asked.map(([server]) => this.request(server, message, signal)));
  }

  /** Once a connection, before anything else is sent to it. */
  async #tell(server: string, client: Client): Promise<void> {
    const { wishes, logger } = this.#parts;
    const telling = this.#told.get(client) ?? wishes.tell(server, client, logger);
    this.#told.set(client, telling);
    await telling;
  }
}
