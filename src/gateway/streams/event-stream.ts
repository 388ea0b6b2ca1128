import type { ServerResponse } from "node:http";
import type { JSONRPCMessage } from "@modelcontextprotocol/sdk/types.js";
import type { Clock, TimerHandle } from "../../ports/index.js";

/** Proxies cut what is silent for a minute; the SDK's server says as much as often. */
const keepAliveMs = 15_000;

/** Server-sent events on a response, for as long as that is open. Whatever is said after its end is dropped. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  #timer: TimerHandle;

  constructor(response: ServerResponse, clock: Clock) {
    this.#response = response;
    this.#clock = clock;
    response.writeHead(200, {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-cache, no-transform",
      // Else a proxy keeps events until it has a buffer full of them.
      "X-Accel-Buffering": "no",
    });
    response.once("close", () => clock.clearTimeout(this.#timer));
    this.#keepAlive();
  }

  /** Tells the client that there is a stream, before there is anything to say on it. */
  announce(): void {
    this.#response.flushHeaders();
  }

  send(message: JSONRPCMessage): void {
    this.#write(`event: message\ndata: ${JSON.stringify(message)}\n\n`);
  }

  end(): void {
    if (!this.#isOver) this.#response.end();
  }

  get #isOver(): boolean {
    return this.#response.writableEnded || this.#response.destroyed;
  }

  #keepAlive(): void {
    if (this.#isOver) return;
    this.#timer = this.#clock.setUnrefTimeout(() => {
      this.#write(": keepalive\n\n");
      this.#keepAlive();
    }, keepAliveMs);
  }

  #write(text: string): void {
    if (!this.#isOver) this.#response.write(text);
  }
}
