import type { ServerResponse } from "node:http";
import type { JSONRPCMessage, RequestId } from "@modelcontextprotocol/sdk/types.js";
import type { Clock, TimerHandle } from "../../ports/index.js";
import { answerJson } from "../http/exchange.js";
import { EventStream } from "./event-stream.js";

/** An answer that takes longer is announced by a stream: the client sees that its request arrived, and nothing on the way takes it for dead. */
const quickMs = 100;

export interface AnswerParts {
  readonly response: ServerResponse;
  /** The requests of one POST. */
  readonly requests: readonly RequestId[];
  readonly clock: Clock;
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
    this.#endIfOver();
  }

  /** That request was cancelled; nobody waits for its answer. */
  giveUp(request: RequestId): void {
    this.#unanswered.delete(request);
    this.#endIfOver();
  }

  /** Nothing is answered any more. */
  close(): void {
    this.#open().end();
  }

  #endIfOver(): void {
    if (this.#unanswered.size === 0) this.close();
  }

  #open(): EventStream {
    const { response, clock } = this.#parts;
    clock.clearTimeout(this.#timer);
    return (this.#stream ??= new EventStream(response, clock));
  }
}
