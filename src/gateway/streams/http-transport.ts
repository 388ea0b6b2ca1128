import type { ServerResponse } from "node:http";
import type { Transport, TransportSendOptions } from "@modelcontextprotocol/sdk/shared/transport.js";
import { ErrorCode, type JSONRPCMessage, type RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Clock } from "../../ports/index.js";
import { answeredId, isRequest } from "../../transports/json-rpc.js";
import type { Exchange, Refusal } from "../http/exchange.js";
import { RpcError } from "../rpc-error.js";
import { Answer } from "./answer.js";
import type { EventStream } from "./event-stream.js";
import { badMessage, knowsEmptyEvents } from "./protocol-rules.js";
import { Streams } from "./streams.js";

/**
 * Streamable HTTP for one session, on Node's own requests and responses: what a client sends comes out as messages, and each message to it
 * goes out on the response that it belongs to.
 */
export class HttpTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage) => void) | undefined;

  readonly sessionId: string;
  readonly #clock: Clock;
  readonly #answers = new Map<RequestId, Answer>();
  readonly #streams: Streams;
  #standing: EventStream | undefined;

  constructor({ sessionId, clock }: { readonly sessionId: string; readonly clock: Clock }) {
    this.sessionId = sessionId;
    this.#clock = clock;
    this.#streams = new Streams(clock);
  }

  /** How many streams are open for what answers no request: one, or none. */
  get standingStreams(): number {
    return this.#standing?.isAttached === true ? 1 : 0;
  }

  start(): Promise<void> {
    return Promise.resolve();
  }

  /** Takes in the `initialize` that its session begins with. */
  begin(exchange: Exchange, messages: readonly JSONRPCMessage[]): Refusal | undefined {
    // The revision demands it of this answer alone.
    exchange.response.setHeader("Mcp-Session-Id", this.sessionId);
    this.#streams.isPrimed = messages.some(knowsEmptyEvents);
    return this.receive(exchange, messages);
  }

  /** Takes in what a POST says. Its response is open for as long as something in it is not answered. */
  receive({ response }: Exchange, messages: readonly JSONRPCMessage[]): Refusal | undefined {
    const requests = messages.filter(isRequest).map(({ id }) => id);
    if (requests.some((id) => this.#answers.has(id))) return idInUse;
    if (requests.length === 0) response.writeHead(202, { "Content-Length": 0 }).end();
    else this.#await(requests, response);
    for (const message of messages) this.onmessage?.(message);
    return undefined;
  }

  /** The client listens for what answers none of its requests, or goes on with a stream whose connection it lost. */
  listen({ request, response }: Exchange): Refusal | undefined {
    const lastEventId = request.headers["last-event-id"];
    if (lastEventId !== undefined) return this.#streams.resume(String(lastEventId), response);
    if (this.#standing?.isAttached === true) return streamInUse;
    this.#standing ??= this.#streams.begin();
    this.#standing.attach(response);
    this.#standing.announce();
    return undefined;
  }

  /** Rejects if it belongs to a request that is answered already. */
  async send(message: JSONRPCMessage, { relatedRequestId }: TransportSendOptions = {}): Promise<void> {
    const answered = answeredId(message);
    if (answered !== undefined) return this.#take(answered)?.answer(answered, message);
    if (relatedRequestId === undefined) return this.#standing?.send(message);
    const answer = this.#answers.get(relatedRequestId);
    if (answer === undefined)
      throw new RpcError(ErrorCode.ConnectionClosed, "the client's request is answered already");
    answer.tell(message);
  }

  /** A request that was cancelled is not answered (2025-11-25, cancellation). */
  giveUp(request: RequestId): void {
    this.#take(request)?.giveUp(request);
  }

  close(): Promise<void> {
    for (const answer of this.#answers.values()) answer.close();
    this.#answers.clear();
    this.#streams.close();
    this.onclose?.();
    return Promise.resolve();
  }

  #await(requests: readonly RequestId[], response: ServerResponse): void {
    const answer = new Answer({ response, requests, clock: this.#clock, streams: this.#streams });
    for (const id of requests) this.#answers.set(id, answer);
  }

  #take(request: RequestId): Answer | undefined {
    const answer = this.#answers.get(request);
    this.#answers.delete(request);
    return answer;
  }
}

const idInUse = badMessage("a request of this id is not answered yet");

const streamInUse: Refusal = {
  status: 409,
  code: "STREAM_IN_USE",
  message: "Conflict: the session has a standing stream already",
};
