import type { RequestId } from "@modelcontextprotocol/sdk/types.js";

/** A request of the client that is not answered yet. */
export interface Asked {
  readonly id: RequestId;
  readonly progressToken: unknown;
  /** Which server it went to, once that is known. */
  server: string | undefined;
}

/** The client's requests that are not answered yet. What a server says meanwhile is sent on the stream of one of them. */
export class UnderWay {
  readonly #asked = new Map<Asked, Promise<unknown>>();

  async track<T>(asked: Asked, work: () => Promise<T>): Promise<T> {
    const working = work();
    this.#asked.set(asked, working);
    try {
      return await working;
    } finally {
      this.#asked.delete(asked);
    }
  }

  get count(): number {
    return this.#asked.size;
  }

  /** The request that a progress token belongs to. */
  withToken(server: string, token: unknown): RequestId | undefined {
    return this.#last((asked) => asked.server === server && asked.progressToken === token);
  }

  /** The latest request that went to that server: on stdio nothing says which one a server speaks of. */
  latestTo(server: string): RequestId | undefined {
    return this.#last((asked) => asked.server === server);
  }

  /** Resolves when all that are under way now have been answered. */
  async answered(): Promise<void> {
    await Promise.allSettled(this.#asked.values());
    // What was answered is written in the turns after that.
    await new Promise((resolve) => setImmediate(resolve));
  }

  #last(is: (asked: Asked) => boolean): RequestId | undefined {
    return [...this.#asked.keys()].findLast(is)?.id;
  }
}
