import { type Actor, type ActorRefFrom, type SnapshotFrom } from "xstate";
import { actorOf, type runtimeMachine, type RuntimeContext, type sessionMachine } from "../machines/index.js";
import { statePath } from "./state-path.js";

/** A runtime of a session. */
export type RuntimeRef = ActorRefFrom<typeof runtimeMachine>;

/** What a session's machine says of itself. Reading it changes nothing. */
export class SessionView {
  readonly #actor: Actor<typeof sessionMachine>;

  constructor(actor: Actor<typeof sessionMachine>) {
    this.#actor = actor;
  }

  get snapshot(): SnapshotFrom<typeof sessionMachine> {
    return this.#actor.getSnapshot();
  }

  get state(): string {
    return this.hasFailed ? "failed" : statePath(this.snapshot.value);
  }

  /** The machine itself is in error; it says nothing any more. */
  get hasFailed(): boolean {
    return this.snapshot.status === "error";
  }

  get isActive(): boolean {
    return this.snapshot.status === "active";
  }

  /** Live or ending: what admission counts. A sleeper counts until its former runtime is gone. */
  get isLive(): boolean {
    const { snapshot } = this;
    if (snapshot.status !== "active" || !snapshot.hasTag("owns-transport")) return false;
    return this.state !== "active.asleep" || Object.keys(snapshot.context.runtimes).length > 0;
  }

  get isEnding(): boolean {
    return !this.isActive || this.snapshot.hasTag("terminal");
  }

  /** Serves its key no more. */
  get isRetired(): boolean {
    return this.isEnding || this.state === "active.live.retiring.required";
  }

  /** The runtime that answers now, if there is one. */
  get currentRuntime(): RuntimeRef | undefined {
    const { context, children } = this.snapshot;
    return context.current === undefined ? undefined : (children[actorOf(context.current)] as RuntimeRef | undefined);
  }

  get runtimeContext(): RuntimeContext | undefined {
    return this.currentRuntime?.getSnapshot().context;
  }
}
