import type { ServerResponse } from "node:http";
import type { Clock, TimerHandle } from "../../ports/index.js";
import type { Refusal } from "../http/exchange.js";
import { EventStream } from "./event-stream.js";
import { SentEvents } from "./sent-events.js";

/** Since a stream ended, for as long a client may come back for the rest. The SDK's tries for less. */
const keptMs = 60_000;
/** Ended streams that a client may come back for; before that, the oldest are given up. */
const endedAtMost = 100;

/** The streams of one session: those on which something may still be said, and those that ended a moment ago. */
export class Streams {
  /** Whether the client knows events without data; that is known once it has introduced itself. */
  isPrimed = false;
  readonly #clock: Clock;
  readonly #sent = new SentEvents();
  readonly #streams = new Map<number, EventStream>();
  readonly #ended: number[] = [];
  #timer: TimerHandle;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  begin(): EventStream {
    const number = (this.#last += 1);
    const stream = new EventStream({
      number,
      sent: this.#sent,
      clock: this.#clock,
      isPrimed: this.isPrimed,
      onEnd: (isKept) => (isKept ? this.#keep(number) : this.#forget(number)),
    });
    this.#streams.set(number, stream);
    return stream;
  }

  /** Goes on after that event, with the stream that it was of and no other one. */
  resume(lastEventId: string, response: ServerResponse): Refusal | undefined {
    const [, number, seen] = /^(\d{1,15})-(\d{1,15})$/.exec(lastEventId) ?? [];
    const stream = this.#streams.get(Number(number));
    if (stream === undefined) return unknownEvent;
    stream.attach(response, Number(seen));
    stream.announce();
    return undefined;
  }

  /** The session is over: nobody comes back. */
  close(): void {
    this.#clock.clearTimeout(this.#timer);
    for (const stream of this.#streams.values()) stream.end({ isKept: false });
  }

  #keep(number: number): void {
    this.#ended.push(number);
    this.#forget(...this.#ended.splice(0, Math.max(0, this.#ended.length - endedAtMost)));
    this.#clock.clearTimeout(this.#timer);
    this.#timer = this.#clock.setUnrefTimeout(() => this.#forget(...this.#ended.splice(0)), keptMs);
  }

  #forget(...numbers: readonly number[]): void {
    for (const number of numbers) {
      this.#streams.delete(number);
      this.#sent.forget(number);
    }
  }
}

const unknownEvent: Refusal = {
  status: 400,
  code: "UNKNOWN_EVENT",
  message: "Bad Request: Last-Event-ID is of no stream that this session has, or of one that ended some time ago",
};
