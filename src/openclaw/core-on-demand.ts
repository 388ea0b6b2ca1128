import { SupervisorShutdownError } from "../errors/index.js";
import type { ManagerCore } from "./core.js";
import { disposedError } from "./told-errors.js";

interface Waiting {
  readonly sessionId: string;
  isDisposed: boolean;
}

/**
 * What starts servers, loaded when the first session asks for some. Who is disposed while it loads gets nothing: what would come into being
 * then would be nobody's.
 */
export class CoreOnDemand {
  readonly #load: () => ManagerCore | Promise<ManagerCore>;
  readonly #waiting = new Set<Waiting>();
  #core: ManagerCore | undefined;
  #loading: Promise<ManagerCore> | undefined;
  #isClosed = false;

  constructor(load: () => ManagerCore | Promise<ManagerCore>) {
    this.#load = load;
  }

  /** What is loaded, if anything is. */
  get loaded(): ManagerCore | undefined {
    return this.#core;
  }

  get isWaitedFor(): boolean {
    return this.#waiting.size > 0;
  }

  /** Rejects with `SessionEndedError`'s code where the session was disposed meanwhile, and with `SupervisorShutdownError` while closed. */
  async for(sessionId: string): Promise<ManagerCore> {
    if (this.#isClosed) throw new SupervisorShutdownError({ session: sessionId });
    if (this.#core !== undefined) return this.#core;
    const waiting: Waiting = { sessionId, isDisposed: false };
    this.#waiting.add(waiting);
    try {
      const core = await (this.#loading ??= this.#start());
      if (waiting.isDisposed) throw disposedError(sessionId);
      this.#core = core;
      return core;
    } finally {
      this.#waiting.delete(waiting);
    }
  }

  /** Who waits for that session, or for any, gets nothing. */
  dispose(sessionId?: string): void {
    for (const waiting of this.#waiting) {
      if (sessionId === undefined || waiting.sessionId === sessionId) waiting.isDisposed = true;
    }
  }

  /** Gives what was loaded, to be shut down; nothing is given out until `open`. */
  close(): ManagerCore | undefined {
    this.#isClosed = true;
    this.dispose();
    const core = this.#core;
    this.#core = undefined;
    this.#loading = undefined;
    return core;
  }

  open(): void {
    this.#isClosed = false;
  }

  async #start(): Promise<ManagerCore> {
    try {
      return await this.#load();
    } catch (error) {
      // The next one tries again.
      this.#loading = undefined;
      throw error;
    }
  }
}
