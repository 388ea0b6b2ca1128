import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { RequestId } from "@modelcontextprotocol/sdk/types.js";
import { messageOf } from "../../errors/index.js";
import type { McpClient } from "../../ports/index.js";
import type { EndOptions, Session } from "../../supervisor/face.js";
import type { SessionReceipt } from "../../supervisor/receipts.js";
import type { GatewayContext } from "../context.js";
import { createUpstreamClient, passedOn } from "../proxy/upstream-client.js";
import { Requests } from "../proxy/requests.js";
import { type Message, type Result, Upstreams } from "../proxy/upstreams.js";
import { Wishes } from "../proxy/wishes.js";
import { rpcErrorOf } from "../rpc-error.js";
import { createFront } from "./front.js";
import { instructionsFor } from "./instructions.js";
import { ServerMessages } from "./server-messages.js";
import { UnderWay } from "./under-way.js";

export interface ClientSessionParts {
  /** Names the session for everybody; knowing it lets nobody use it. */
  readonly key: string;
  readonly context: GatewayContext;
  /** Whether something can be sent that answers no request: a stream is open for it. */
  readonly hasStream: () => boolean;
  /** The stream of a request that was cancelled is not answered; it is closed. */
  readonly closeStream?: ((request: RequestId) => void) | undefined;
  /** From now on it serves nobody. */
  readonly onEnding: () => void;
}

/** One client of the gateway and the session of the supervisor that serves it; after a reset, the next generation of that. */
export class ClientSession {
  readonly key: string;
  readonly #parts: ClientSessionParts;
  readonly #front: Server;
  readonly #underWay = new UnderWay();
  readonly #upstreams: Upstreams;
  readonly #requests: Requests;
  readonly #messages: ServerMessages;
  #supervised: Session;
  /** The generation that a reset ends; the client's session goes on. */
  #former: string | undefined;
  #over: Promise<void>;

  constructor(parts: ClientSessionParts) {
    const { key, context } = parts;
    const { servers, clock, logger, prefixes } = context;
    this.key = key;
    this.#parts = parts;
    this.#supervised = context.supervisor.session(key, context.sessionOptions);
    const wishes = new Wishes();
    this.#upstreams = new Upstreams({ session: () => this.#supervised, servers, wishes, clock, logger });
    this.#requests = new Requests({ upstreams: this.#upstreams, wishes, prefixes });
    this.#front = createFront({
      info: context.info,
      instructions: instructionsFor(context),
      listener: {
        asked: (message, extra) => this.#answer(message, extra),
        said: (message) => this.#messages.fromClient(message),
        failed: (error) => logger.debug({ session: key, error: messageOf(error) }, "a message was not understood"),
      },
    });
    this.#messages = new ServerMessages({
      front: this.#front,
      upstreams: this.#upstreams,
      underWay: this.#underWay,
      hasStream: parts.hasStream,
      onChanged: () => this.#requests.forget(),
      logger,
    });
    this.#over = this.#watch(this.#supervised);
  }

  /** Resolves when its end is proved or leaked, and everything that was under way has been answered. */
  get over(): Promise<void> {
    return this.#over;
  }

  /** Serves the client on that transport. */
  async serve(transport: Transport): Promise<void> {
    await this.#front.connect(transport);
  }

  /** The generation that serves now. */
  get supervised(): Session {
    return this.#supervised;
  }

  /** Who the client says it is. */
  get client() {
    return this.#front.getClientVersion();
  }

  get requestsUnderWay(): number {
    return this.#underWay.count;
  }

  /** The client for a connection of this session that is being opened. */
  upstreamClient(server: string): McpClient {
    const { info } = this.#parts.context;
    const client = createUpstreamClient({
      info,
      capabilities: passedOn(this.#front.getClientCapabilities()),
      listener: this.#messages.listenerFor(server),
      onClosed: (closed) => this.#upstreams.closed(server, closed),
    });
    this.#upstreams.enter(server, client);
    return client;
  }

  /** A connection of this session is open, by a request or by itself. */
  async opened(server: string): Promise<void> {
    await this.#upstreams.opened(server);
  }

  /** The supervisor's session of that id entered a terminal state. */
  ending(id: string): void {
    if (id === this.#former || id !== this.#supervised.id) return;
    this.#parts.onEnding();
  }

  async end(options: EndOptions): Promise<SessionReceipt> {
    return await this.#supervised.end(options);
  }

  /** Ends what the client has and goes on with the next generation; it is told that its lists changed. */
  async reset(options: Pick<EndOptions, "deadlineMs">): Promise<SessionReceipt> {
    const former = this.#supervised;
    this.#former = former.id;
    const reset = former.reset(options);
    this.#supervised = this.#parts.context.supervisor.session(this.key);
    this.#over = this.#watch(this.#supervised);
    this.listsChanged();
    return (await reset).receipt;
  }

  /** The servers are others now, or begin anew. */
  listsChanged(): void {
    this.#requests.forget();
    this.#messages.listsChanged();
  }

  async #answer(message: Message, { id, signal }: { id: RequestId; signal: AbortSignal }): Promise<Result> {
    const { redactor } = this.#parts.context;
    const meta = message.params?.["_meta"] as { readonly progressToken?: unknown } | undefined;
    const asked = { id, progressToken: meta?.progressToken, server: undefined as string | undefined };
    const ask = {
      signal,
      goesTo: (server: string) => (asked.server = server),
      onFailure: (server: string, error: unknown) => this.#messages.unlisted(server, rpcErrorOf(error, redactor)),
    };
    try {
      return await this.#underWay.track(asked, () => this.#requests.answer(message, ask));
    } catch (error) {
      throw rpcErrorOf(error, redactor);
    } finally {
      if (signal.aborted) this.#parts.closeStream?.(id);
    }
  }

  /** Once its generation is over, the client is: what was under way has been answered by then. */
  async #watch(generation: Session): Promise<void> {
    await generation.ended;
    if (generation !== this.#supervised) return;
    await this.#underWay.answered();
    await this.#front.close();
  }
}
