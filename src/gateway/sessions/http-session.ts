import { randomBytes, randomUUID } from "node:crypto";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { GatewayContext } from "../context.js";
import type { Exchange, Refusal } from "../http/exchange.js";
import { HttpTransport } from "../streams/http-transport.js";
import { laterRefusal, streamRefusal } from "../streams/protocol-rules.js";
import { ClientSession } from "./client-session.js";
import { Presence } from "./presence.js";

export interface HttpSessionParts {
  readonly context: GatewayContext;
  /** Where the client that opened it is. */
  readonly address: string;
  readonly clientLostMs: number;
  readonly onEnding: (session: HttpSession) => void;
}

/** A client's session over Streamable HTTP. */
export class HttpSession {
  /** What the client proves itself with (`Mcp-Session-Id`): as secret as a token. */
  readonly id = randomUUID();
  /** What everybody may know it by. */
  readonly key = randomBytes(8).toString("hex");
  readonly address: string;
  readonly openedAt: number;
  readonly presence: Presence;
  readonly core: ClientSession;
  readonly #transport: HttpTransport;

  constructor({ context, address, clientLostMs, onEnding }: HttpSessionParts) {
    const { clock } = context;
    this.address = address;
    this.openedAt = clock.now();
    this.#transport = new HttpTransport({ sessionId: this.id, clock });
    this.presence = new Presence({
      clock,
      lostMs: clientLostMs,
      onLost: () => void this.core.end({ reason: "timedOut", cause: "client-lost" }),
    });
    this.core = new ClientSession({
      key: this.key,
      context,
      hasStream: () => this.streams > 0,
      closeStream: (request) => this.#transport.giveUp(request),
      onEnding: () => {
        this.presence.stop();
        onEnding(this);
      },
    });
  }

  /** Standing streams that the client has open. */
  get streams(): number {
    return this.#transport.standingStreams;
  }

  /** Answers its client's `initialize`. */
  async start(exchange: Exchange, messages: readonly JSONRPCMessage[]): Promise<Refusal | undefined> {
    this.#attend(exchange);
    await this.core.serve(this.#transport);
    return this.#transport.begin(exchange, messages);
  }

  /** Takes in what its client sends after that. */
  receive(exchange: Exchange, messages: readonly JSONRPCMessage[]): Refusal | undefined {
    this.#attend(exchange);
    return laterRefusal(exchange.request, messages) ?? this.#transport.receive(exchange, messages);
  }

  /** The client opens a standing stream. */
  listen(exchange: Exchange): Refusal | undefined {
    this.#attend(exchange);
    return streamRefusal(exchange.request) ?? this.#transport.listen(exchange);
  }

  /** The client is there for as long as this exchange is open. */
  #attend({ response }: Exchange): void {
    this.presence.enter();
    response.once("close", () => this.presence.leave());
  }
}
