import type { ServerResponse } from "node:http";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { Clock, TimerHandle } from "../../ports/index.js";
import type { SentEvent, SentEvents } from "./sent-events.js";

/** Proxies cut what is silent for a minute; the SDK's server says as much as often. */
const keepAliveMs = 15_000;
/** How long a client that lost its connection is asked to wait before it comes back. */
const retryMs = 1_000;

export interface EventStreamParts {
  /** Which of its session's streams it is. */
  readonly number: number;
  readonly sent: SentEvents;
  readonly clock: Clock;
  /** Whether a client is told at once where it is, in an event without data. Those before 2025-11-25 take that for a message. */
  readonly isPrimed: boolean;
  /** It is over; `isKept` if a client that is away may still hear the rest. */
  readonly onEnd: (isKept: boolean) => void;
}

/**
 * Server-sent events, on one response after the other: a client that lost its connection goes on with the next one (2025-11-25, transports,
 * resumability). What is said while it is away is kept for it.
 */
export class EventStream {
  readonly #parts: EventStreamParts;
  #response: ServerResponse | undefined;
  #timer: TimerHandle;
  #isOver = false;

  constructor(parts: EventStreamParts) {
    this.#parts = parts;
  }

  get isAttached(): boolean {
    return this.#response !== undefined;
  }

  /** Goes on on that response; with what was said after the event that its client saw last, if it saw one. */
  attach(response: ServerResponse, seen?: number): void {
    if (response.destroyed) return;
    const { number, sent, isPrimed } = this.#parts;
    // Who comes back has lost it, whatever the system still thinks of that connection.
    this.#response?.end();
    this.#response = response;
    response.writeHead(200, {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-cache, no-transform",
      // Else a proxy keeps events until it has a buffer full of them.
      "X-Accel-Buffering": "no",
    });
    response.once("close", () => this.#detach(response));
    if (seen !== undefined) for (const event of sent.after(number, seen)) this.#write(asText(event));
    else if (isPrimed) this.#write(`id: ${number}-${sent.next()}\nretry: ${retryMs}\ndata: \n\n`);
    if (this.#isOver) response.end();
    else this.#keepAlive();
  }

  /** Tells the client that there is a stream, before there is anything to say on it. */
  announce(): void {
    this.#response?.flushHeaders();
  }

  send(message: JSONRPCMessage): void {
    const { number, sent } = this.#parts;
    this.#write(asText(sent.add(number, JSON.stringify(message))));
  }

  /** Everything is said; unless told otherwise, a client that is away can still hear it. */
  end({ isKept = true }: { isKept?: boolean } = {}): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#response?.end();
    this.#parts.onEnd(isKept);
  }

  #detach(response: ServerResponse): void {
    if (this.#response !== response) return;
    this.#response = undefined;
    this.#parts.clock.clearTimeout(this.#timer);
  }

  #keepAlive(): void {
    const { clock } = this.#parts;
    clock.clearTimeout(this.#timer);
    this.#timer = clock.setUnrefTimeout(() => {
      this.#write(": keepalive\n\n");
      this.#keepAlive();
    }, keepAliveMs);
  }

  #write(text: string): void {
    if (this.#response?.writableEnded === false) this.#response.write(text);
  }
}

function asText({ stream, number, data }: SentEvent): string {
  return `event: message\nid: ${stream}-${number}\ndata: ${data}\n\n`;
}
