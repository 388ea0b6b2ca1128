import { EventEmitter } from "node:events";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { PoolOptions, PoolWorker, WorkerRequest, WorkerResponse } from "vitest/node";

/** After so many mutants, or so long a one, what they left running may cost more than a new thread. */
const mutantsAtMost = 100;
const longMs = 10_000;

let kept: KeptThread | undefined;

/**
 * A pool for Vitest in which the thread outlives a run, with all modules it has loaded: to load them anew for each mutant would take several
 * times what its tests do. What is decided while modules are loaded needs a fresh one.
 */
export const keptThread = {
  name: "kept-thread",
  createPoolWorker(options: PoolOptions): PoolWorker {
    const { mode, mutantActivation } = options.project.getProvidedContext() as Record<string, unknown>;
    const isFresh = mode !== "mutant" || mutantActivation === "static";
    if (isFresh || kept?.mayBeUsed !== true) {
      kept?.end();
      kept = new KeptThread(options, isFresh);
    }
    return kept;
  },
};

class KeptThread implements PoolWorker {
  readonly name = keptThread.name;
  readonly #isFresh: boolean;
  readonly #thread: Worker;
  readonly #events = new EventEmitter();
  #mutants = 0;
  #begunAt = 0;
  #isRunning = false;
  #stopIsAsked = false;
  #isOver = false;

  constructor({ distPath, env, execArgv }: PoolOptions, isFresh: boolean) {
    this.#isFresh = isFresh;
    this.#thread = new Worker(join(distPath, "workers/threads.js"), { env, execArgv, stdout: true, stderr: true });
    this.#thread.on("message", (message: unknown) => this.#receive(message));
    for (const event of ["error", "exit"]) this.#thread.on(event, (what: unknown) => this.#events.emit(event, what));
  }

  get mayBeUsed(): boolean {
    return !this.#isFresh && !this.#isOver && this.#mutants < mutantsAtMost;
  }

  end(): void {
    this.#isOver = true;
    void this.#thread.terminate();
  }

  async start(): Promise<void> {
    this.#mutants += 1;
    this.#thread.ref();
  }

  send(message: WorkerRequest): void {
    if (message.type === "stop") {
      this.#stopIsAsked = true;
      if (!this.#isRunning) this.#answerStop();
      return;
    }
    if (message.type === "run") {
      this.#isRunning = true;
      this.#begunAt = performance.now();
    }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#thread.postMessage(message);
  }

  /** The next run has listeners of its own. */
  async stop(): Promise<void> {
    this.#events.removeAllListeners();
    this.#thread.unref();
    if (this.#isFresh || this.#isRunning || this.#isOver) this.end();
  }

  on(event: string, listener: (what: unknown) => void): void {
    this.#events.on(event, listener);
  }

  off(event: string, listener: (what: unknown) => void): void {
    this.#events.off(event, listener);
  }

  deserialize(data: unknown): unknown {
    return data;
  }

  #receive(message: unknown): void {
    if ((message as Partial<WorkerResponse>).type === "testfileFinished") {
      this.#isRunning = false;
      if (performance.now() - this.#begunAt > longMs) this.#isOver = true;
    }
    this.#events.emit("message", message);
    if (!this.#isRunning && this.#stopIsAsked) this.#answerStop();
  }

  /** In the name of the thread, which goes on; a run that is cancelled is over first. */
  #answerStop(): void {
    this.#stopIsAsked = false;
    this.#events.emit("message", { type: "stopped", __vitest_worker_response__: true });
  }
}
