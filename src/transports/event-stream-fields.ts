const longestField = 4_096;

/**
 * Reads the two fields of a stream of server-sent events that a resumption needs; the messages are the SDK's business. An id counts only
 * with its whole event: resuming after half of one would lose it.
 */
export class EventStreamFields {
  readonly #decoder = new TextDecoder();
  #line = "";
  #skipping = false;
  #id: string | undefined;
  #lastEventId: string | undefined;
  #retryMs: number | undefined;

  get lastEventId(): string | undefined {
    return this.#lastEventId;
  }

  /** What the server asked for last, in milliseconds. */
  get retryMs(): number | undefined {
    return this.#retryMs;
  }

  push(chunk: Uint8Array): void {
    const [first = "", ...lines] = this.#decoder.decode(chunk, { stream: true }).split(/\r?\n/);
    this.#extend(first);
    for (const line of lines) {
      this.#endLine();
      this.#extend(line);
    }
  }

  /** Data may be of any length and is not kept. */
  #extend(text: string): void {
    if (this.#line.length + text.length > longestField) this.#skipping = true;
    this.#line = this.#skipping ? "data" : this.#line + text;
  }

  #endLine(): void {
    const line = this.#line.endsWith("\r") ? this.#line.slice(0, -1) : this.#line;
    this.#line = "";
    this.#skipping = false;
    if (line === "") this.#lastEventId = this.#id;
    const [, name, value = ""] = /^(id|retry): ?(.*)$/.exec(line) ?? [];
    if (name === "id" && !value.includes("\0")) this.#id = value;
    if (name === "retry" && /^\d+$/.test(value)) this.#retryMs = Number(value);
  }
}
