import type { SessionOptions } from "./face.js";
import { SessionHandle } from "./session-handle.js";

/** Every session that is not closed, by id, by key and by parent. */
export class Generations {
  /** The one that serves a key. */
  readonly #current = new Map<string, SessionHandle>();
  readonly #all = new Map<string, SessionHandle>();
  /** For the next generation, which may be asked for long after this one is closed. */
  readonly #options = new WeakMap<SessionHandle, SessionOptions>();
  readonly #children = new WeakMap<SessionHandle, Set<SessionHandle>>();

  /** Serves its key from now on. */
  enter(handle: SessionHandle, options: SessionOptions): void {
    this.#options.set(handle, options);
    this.#current.set(handle.key, handle);
    this.#all.set(handle.id, handle);
    const { parent } = options;
    if (!(parent instanceof SessionHandle)) return;
    const siblings = this.#children.get(parent) ?? new Set();
    this.#children.set(parent, siblings.add(handle));
  }

  /** It is closed. */
  leave(handle: SessionHandle): void {
    const { parent } = this.optionsOf(handle);
    if (parent instanceof SessionHandle) this.#children.get(parent)?.delete(handle);
    this.#all.delete(handle.id);
    if (this.currentOf(handle.key) === handle) this.#current.delete(handle.key);
  }

  all(): readonly SessionHandle[] {
    return [...this.#all.values()];
  }

  get(id: string): SessionHandle | undefined {
    return this.#all.get(id);
  }

  currentOf(key: string): SessionHandle | undefined {
    return this.#current.get(key);
  }

  optionsOf(handle: SessionHandle): SessionOptions {
    return this.#options.get(handle) ?? {};
  }

  childrenOf(handle: SessionHandle): readonly SessionHandle[] {
    return [...(this.#children.get(handle) ?? [])];
  }
}
