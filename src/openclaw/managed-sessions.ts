import type { EndOptions, RetireOptions, Session } from "../supervisor/face.js";
import type { ManagedRuntime } from "./session-runtime.js";

/** Every generation that has not ended, by OpenClaw's session id, and the runtime that serves each id now. */
export class ManagedSessions {
  readonly #current = new Map<string, ManagedRuntime>();
  readonly #sessions = new Map<string, Set<Session>>();
  readonly #onGone: (id: string) => void;

  /** `onGone` is called when nothing of an id is left. */
  constructor(onGone: (id: string) => void) {
    this.#onGone = onGone;
  }

  enter(runtime: ManagedRuntime): void {
    const { sessionId: id, session } = runtime;
    this.#current.set(id, runtime);
    this.#sessions.set(id, (this.#sessions.get(id) ?? new Set()).add(session));
    void session.ended.then(() => this.#leave(id, session));
  }

  /** The runtime that a run of that session may use. */
  usable(id: string): ManagedRuntime | undefined {
    const runtime = this.#current.get(id);
    return runtime?.isUsable === true ? runtime : undefined;
  }

  allUsable(): readonly ManagedRuntime[] {
    return [...this.#current.values()].filter(({ isUsable }) => isUsable);
  }

  has(id: string): boolean {
    return this.#sessions.has(id);
  }

  /** Ends every generation of an id, or of all; resolves when each is proved gone, or leaked. */
  async end(id: string | undefined, options: EndOptions): Promise<void> {
    await Promise.all(this.#of(id).map((session) => session.end(options)));
  }

  retire(id: string, options: RetireOptions): void {
    for (const session of this.#of(id)) session.retire(options);
  }

  /** Of an id, those whose end has begun. */
  ending(id: string): readonly Session[] {
    return this.#of(id).filter(({ state }) => !state.startsWith("active"));
  }

  #of(id: string | undefined): readonly Session[] {
    if (id !== undefined) return [...(this.#sessions.get(id) ?? [])];
    return [...this.#sessions.values()].flatMap((sessions) => [...sessions]);
  }

  #leave(id: string, session: Session): void {
    if (this.#current.get(id)?.session === session) this.#current.delete(id);
    const sessions = this.#sessions.get(id);
    sessions?.delete(session);
    if (sessions?.size !== 0) return;
    this.#sessions.delete(id);
    this.#onGone(id);
  }
}
