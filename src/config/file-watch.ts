import { type FSWatcher, watch } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, dirname } from "node:path";

/** Whom a file's watch reports to. */
export interface FileWatchOptions {
  /** Something happened to the file, or may have. */
  readonly onEvent: () => void;
  readonly onError: (error: unknown) => void;
}

/**
 * Watches the folders of a file rather than the file: a watch of a file goes with the file that an editor puts another in the place of. Where the
 * file is reached by links, any event in the folders counts: it is a link in between that changes (a Kubernetes ConfigMap is replaced so).
 * Does not keep the process alive.
 */
export class FileWatch {
  readonly #path: string;
  readonly #options: FileWatchOptions;
  readonly #watchers = new Map<string, FSWatcher>();
  #isLinked = false;
  #isDisposed = false;

  constructor(path: string, options: FileWatchOptions) {
    this.#path = path;
    this.#options = options;
  }

  /** Watches where the file is now. Never rejects: what cannot be watched is reported. */
  async follow(): Promise<void> {
    const target = await realpath(this.#path).catch(() => this.#path);
    if (this.#isDisposed) return;
    this.#isLinked = target !== this.#path;
    const folders = new Set([dirname(this.#path), dirname(target)]);
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#watch(folder);
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        if (this.#isLinked || name === null || name === basename(this.#path)) this.#options.onEvent();
      });
      watcher.on("error", (error) => this.#failed(folder, error));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      this.#failed(folder, error);
    }
  }

  #failed(folder: string, error: unknown): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
    if (!this.#isDisposed) this.#options.onError(error);
  }
}
