import type { ServerResponse } from "node:http";
import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Clock, TimerHandle } from "../../ports/index.js";
import { answerJson } from "../http/exchange.js";
import type { EventStream } from "./event-stream.js";
import type { Streams } from "./streams.js";

/** An answer that takes longer is announced by a stream: the client sees that its request arrived, and nothing on the way takes it for dead. */
const quickMs = 100;

export interface AnswerParts {
  readonly response: ServerResponse;
  /** The requests of one POST. */
  readonly requests: readonly RequestId[];
  readonly clock: Clock;
  readonly streams: Streams;
}

/**
 * What one POST is answered with. A quick answer before which nothing has to be said is JSON: one write here, and no stream to be set up
 * and parsed there. Anything else is a stream (2025-11-25, transports: a server chooses, a client takes both).
 */
export class Answer {
  readonly #parts: AnswerParts;
  readonly #unanswered: Set<RequestId>;
  readonly #timer: TimerHandle;
  #stream: EventStream | undefined;

  constructor(parts: AnswerParts) {
    const { response, requests, clock } = parts;
    this.#parts = parts;
    this.#unanswered = new Set(requests);
    this.#timer = clock.setTimeout(() => this.#open().announce(), quickMs);
    response.once("close", () => clock.clearTimeout(this.#timer));
  }

  /** What the client is told or asked before it is answered. */
  tell(message: JSONRPCMessage): void {
    this.#open().send(message);
  }

  /** What that request came to. */
  answer(request: RequestId, message: JSONRPCMessage): void {
    const { response, requests } = this.#parts;
    this.#unanswered.delete(request);
    if (this.#stream === undefined && requests.length === 1) return answerJson(response, message);
    this.tell(message);
    if (this.#unanswered.size === 0) this.#open().end();
  }

  /** That request was cancelled; nobody waits for its answer. */
  giveUp(request: RequestId): void {
    this.#unanswered.delete(request);
    if (this.#unanswered.size === 0) this.close();
  }

  /** Nothing is answered any more, and nobody shall come back for it. */
  close(): void {
    const { response, clock } = this.#parts;
    clock.clearTimeout(this.#timer);
    if (this.#stream !== undefined) this.#stream.end({ isKept: false });
    else if (!response.headersSent) response.writeHead(200, { "Content-Type": "text/event-stream" }).end();
  }

  #open(): EventStream {
    const { response, clock, streams } = this.#parts;
    if (this.#stream !== undefined) return this.#stream;
    clock.clearTimeout(this.#timer);
    this.#stream = streams.begin();
    this.#stream.attach(response);
    return this.#stream;
  }
}
