const defaultTailBytes = 64 * 1024;

/** Keeps the end of what a server writes to stderr, so that a crash can be told (LP-34). */
export class StderrTail {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor({ maxBytes = defaultTailBytes }: { maxBytes?: number } = {}) {
    this.#maxBytes = maxBytes;
  }

  append(chunk: Buffer): void {
    this.#chunks.push(chunk.subarray(Math.max(0, chunk.length - this.#maxBytes)));
    this.#bytes += Math.min(chunk.length, this.#maxBytes);
    // Compacted only when twice too long: a server that writes byte by byte would otherwise cost a copy each.
    if (this.#bytes > 2 * this.#maxBytes || this.#chunks.length > 1024) this.#compact();
  }

  /** At most the limit, in bytes; the first character may be cut. */
  get text(): string {
    this.#compact();
    return this.#chunks[0]?.toString("utf8") ?? "";
  }

  /** The last line with something on it, shortened to 300 characters. */
  get lastLine(): string | undefined {
    const lines = this.text.split("\n").map((line) => line.trim());
    return lines.findLast((line) => line !== "")?.slice(0, 300);
  }

  clear(): void {
    this.#chunks = [];
    this.#bytes = 0;
  }

  #compact(): void {
    const whole = Buffer.concat(this.#chunks);
    const kept = whole.subarray(Math.max(0, whole.length - this.#maxBytes));
    // A copy, because a subarray would keep the whole alive.
    this.#chunks = kept.length === 0 ? [] : [Buffer.from(kept)];
    this.#bytes = kept.length;
  }
}
