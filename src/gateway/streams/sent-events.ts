/** Of one session. What is larger than all of it is not kept, and whatever is kept makes the oldest go. */
const keptBytes = 1_024 * 1_024;

/** Something that was said on a stream. */
export interface SentEvent {
  readonly stream: number;
  /** Grows with every event of the session. */
  readonly number: number;
  readonly data: string;
  readonly bytes: number;
}

/** What was last said on the streams of one session, for clients that come back to hear the rest. */
export class SentEvents {
  #events: SentEvent[] = [];
  #bytes = 0;
  #last = 0;

  /** The number for an event that is not kept. */
  next(): number {
    return (this.#last += 1);
  }

  add(stream: number, data: string): SentEvent {
    const event = { stream, number: this.next(), data, bytes: Buffer.byteLength(data) };
    this.#events.push(event);
    this.#bytes += event.bytes;
    while (this.#bytes > keptBytes) this.#bytes -= this.#events.shift()?.bytes ?? 0;
    return event;
  }

  /** What was said on that stream after the event of that number. */
  after(stream: number, number: number): readonly SentEvent[] {
    return this.#events.filter((event) => event.stream === stream && event.number > number);
  }

  /** Nobody comes back for that stream any more. */
  forget(stream: number): void {
    this.#events = this.#events.filter((event) => event.stream !== stream);
    this.#bytes = this.#events.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}
