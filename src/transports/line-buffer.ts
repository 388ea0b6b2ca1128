import { ServerOutputError } from "../errors/index.js";

const newline = 0x0a;

/** Cuts a byte stream into lines without ever holding more than one line that is too long. */
export class LineBuffer {
  readonly #maxLineBytes: number;
  #parts: Buffer[] = [];
  #bytes = 0;

  constructor({ maxLineBytes }: { maxLineBytes: number }) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The lines that `chunk` completes, without their line ends. Throws `ServerOutputError` for a line longer than the limit, in bytes. */
  *push(chunk: Buffer): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      yield this.#take();
    }
    this.#keep(chunk.subarray(start));
  }

  clear(): void {
    this.#parts = [];
    this.#bytes = 0;
  }

  #keep(part: Buffer): void {
    this.#bytes += part.length;
    if (this.#bytes > this.#maxLineBytes) {
      this.clear();
      throw new ServerOutputError(`a line on stdout is longer than ${this.#maxLineBytes} bytes`);
    }
    if (part.length > 0) this.#parts.push(part);
  }

  #take(): string {
    const line = Buffer.concat(this.#parts).toString("utf8");
    this.clear();
    return line.endsWith("\r") ? line.slice(0, -1) : line;
  }
}
