import { resolve } from "node:path";
import { ConfigError, messageOf } from "../errors/index.js";
import type { Clock, TimerHandle } from "../ports/clock.js";
import type { Environment } from "./expand-variables.js";
import { FileWatch } from "./file-watch.js";
import { readServers, type ServersReading } from "./read-servers.js";
import { readText, throwFindings } from "./servers-file.js";

/** What a watch is made with. */
export interface ServersWatchOptions {
  readonly clock: Clock;
  /** Where `${NAME}` is looked up. Default `process.env`. */
  readonly environment?: Environment | undefined;
  /** How long the file is left alone after a change before it is read, in milliseconds. Default 200. */
  readonly settleMs?: number | undefined;
  /** The file can be used and says something else than before. */
  readonly onChange: (reading: ServersReading) => void;
  /** The file cannot be used, or no longer be watched; what it said before goes on. */
  readonly onProblem: (error: unknown) => void;
}

/**
 * Reads a file with servers, and again whenever it changes: also where an editor or an orchestrator puts another file, or a link to another
 * folder, in its place. A file that is empty or broken while it is written is looked at a second time before that is called a problem; each
 * problem is told once. Rejects with `ConfigError` where the file cannot be used to begin with.
 */
export async function watchServersFile(path: string, options: ServersWatchOptions): Promise<ServersWatch> {
  const watch = new ServersWatch(resolve(path), options);
  try {
    await watch.start();
    return watch;
  } catch (error) {
    watch.dispose();
    throw error;
  }
}

/** A file with servers that is watched; made by `watchServersFile`. */
export class ServersWatch implements Disposable {
  readonly path: string;
  readonly #options: ServersWatchOptions;
  readonly #files: FileWatch;
  #reading: ServersReading | undefined;
  #usedText: string | undefined;
  /** The fault of the last look, and whether it was told. */
  #fault: { readonly of: string; readonly isTold: boolean } | undefined;
  #timer: TimerHandle;
  #looking: Promise<void> = Promise.resolve();
  #isDisposed = false;

  constructor(path: string, options: ServersWatchOptions) {
    this.path = path;
    this.#options = options;
    this.#files = new FileWatch(path, {
      onEvent: () => this.#lookLater(),
      onError: (error) => {
        const problem = `can no longer be watched: ${messageOf(error)}; send SIGHUP after a change`;
        options.onProblem(new ConfigError(path, problem, error));
      },
    });
  }

  /** What the file said when it could last be used. */
  get reading(): ServersReading {
    if (this.#reading === undefined) throw new ConfigError(this.path, "was not read yet");
    return this.#reading;
  }

  /** Watches first: of a change between the first look and the watching nobody would be told. */
  async start(): Promise<void> {
    await this.#files.follow();
    const text = await readText(this.path);
    const reading = this.#read(text);
    throwFindings(this.path, reading.problems);
    this.#usedText = text;
    this.#reading = reading;
  }

  /** Reads the file now, as on SIGHUP, and tells the outcome even if nothing changed. Never rejects. */
  reload(): Promise<void> {
    return this.#enqueue({ isAsked: true });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#files.dispose();
    this.#options.clock.clearTimeout(this.#timer);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** From the first event of many: a file that is written to without end is read all the same. */
  #lookLater(): void {
    if (this.#isDisposed || this.#timer !== undefined) return;
    const { clock, settleMs = 200 } = this.#options;
    this.#timer = clock.setUnrefTimeout(() => {
      this.#timer = undefined;
      void this.#enqueue({ isAsked: false });
    }, settleMs);
  }

  #enqueue(how: { isAsked: boolean }): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look(how));
    return this.#looking;
  }

  async #look({ isAsked }: { isAsked: boolean }): Promise<void> {
    if (this.#isDisposed) return;
    let text: string | undefined;
    try {
      await this.#files.follow();
      text = await readText(this.path);
      if (text === this.#usedText && !isAsked) this.#fault = undefined;
      else this.#use(text);
    } catch (error) {
      this.#failed(error, { of: text ?? messageOf(error), isAsked });
    }
  }

  #use(text: string): void {
    const reading = this.#read(text);
    throwFindings(this.path, reading.problems);
    this.#fault = undefined;
    this.#usedText = text;
    this.#reading = reading;
    this.#options.onChange(reading);
  }

  /** Half a file is no problem yet. */
  #failed(error: unknown, { of, isAsked }: { of: string; isAsked: boolean }): void {
    if (this.#isDisposed) return;
    const isSeenAgain = this.#fault?.of === of;
    const isNews = isAsked || (isSeenAgain && !this.#fault?.isTold);
    this.#fault = { of, isTold: isNews || (isSeenAgain && this.#fault?.isTold === true) };
    if (isNews) this.#options.onProblem(error);
    if (!isSeenAgain && !isAsked) this.#lookLater();
  }

  #read(text: string): ServersReading {
    return readServers(text, this.#options.environment ?? process.env);
  }
}
