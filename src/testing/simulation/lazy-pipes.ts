import { PassThrough } from "node:stream";

/** Pipes to a virtual leader. Most are never used, and three streams cost more than all the rest of a virtual spawn. */
export class LazyPipes {
  readonly #onInputEnd: () => void;
  #stdin: PassThrough | undefined;
  #stdout: PassThrough | undefined;
  #stderr: PassThrough | undefined;

  constructor(onInputEnd: () => void) {
    this.#onInputEnd = onInputEnd;
  }

  /** Takes everything and answers nothing; its end is the end of the tree's input. */
  get stdin(): PassThrough {
    this.#stdin ??= new PassThrough().on("finish", this.#onInputEnd).on("close", this.#onInputEnd).resume();
    return this.#stdin;
  }

  get stdout(): PassThrough {
    return (this.#stdout ??= new PassThrough());
  }

  get stderr(): PassThrough {
    return (this.#stderr ??= new PassThrough());
  }
}
