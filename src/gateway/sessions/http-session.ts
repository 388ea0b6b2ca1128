import { randomBytes } from "node:crypto";
import type { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { GatewayContext } from "../context.js";
import type { Exchange } from "../http/exchange.js";
import { ClientSession } from "./client-session.js";
import { Presence } from "./presence.js";

export interface HttpSessionParts {
  /** What the client proves itself with (`Mcp-Session-Id`): as secret as a token. */
  readonly id: string;
  readonly transport: StreamableHTTPServerTransport;
  readonly context: GatewayContext;
  /** Where the client that opened it is. */
  readonly address: string;
  readonly clientLostMs: number;
  readonly onEnding: (session: HttpSession) => void;
}

/** A client's session over Streamable HTTP. */
export class HttpSession {
  readonly id: string;
  /** What everybody may know it by. */
  readonly key = randomBytes(8).toString("hex");
  readonly address: string;
  readonly openedAt: number;
  readonly presence: Presence;
  readonly core: ClientSession;
  readonly #transport: StreamableHTTPServerTransport;
  #streams = 0;

  constructor({ id, transport, context, address, clientLostMs, onEnding }: HttpSessionParts) {
    this.id = id;
    this.address = address;
    this.openedAt = context.clock.now();
    this.#transport = transport;
    this.presence = new Presence({
      clock: context.clock,
      lostMs: clientLostMs,
      onLost: () => void this.core.end({ reason: "timedOut", cause: "client-lost" }),
    });
    this.core = new ClientSession({
      key: this.key,
      context,
      hasStream: () => this.#streams > 0,
      closeStream: (request) => transport.closeSSEStream(request),
      onEnding: () => {
        this.presence.stop();
        onEnding(this);
      },
    });
  }

  /** Standing streams that the client has open. */
  get streams(): number {
    return this.#streams;
  }

  /** Before its first message is read. */
  async start(): Promise<void> {
    await this.core.serve(this.#transport);
  }

  /** The client is there for as long as this exchange is open. */
  attend({ request, response }: Exchange): void {
    const isStream = request.method === "GET";
    this.presence.enter();
    if (isStream) this.#streams += 1;
    response.once("close", () => {
      if (isStream) this.#streams -= 1;
      this.presence.leave();
    });
  }

  /** Answers a request of its client; `body` is that of a POST. */
  async answer(exchange: Exchange, body?: unknown): Promise<void> {
    this.attend(exchange);
    await this.#transport.handleRequest(exchange.request, exchange.response, body);
  }
}
