import {
  type AnyActorScope,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  createActor,
  type EventObject,
} from "xstate";

/** A machine alone, at one moment, with the delayed events that it has armed, by their ids. */
export interface Moment {
  readonly snapshot: AnyMachineSnapshot;
  readonly timers: ReadonlyMap<string, EventObject>;
  /** What the step that led here armed or took back; a grace that is armed anew begins anew. */
  readonly touched: ReadonlySet<string>;
}

type Action = Parameters<AnyActorScope["actionExecutor"]>[0];

/**
 * Steps of a machine as pure functions. XState's own `transition` makes an actor, and with it everything the machine begins with, for
 * each step; one is enough, since nothing is ever done to it.
 */
export class PureSteps {
  readonly #machine: AnyStateMachine;
  readonly #scope: AnyActorScope;
  #actions: Action[] = [];

  constructor(machine: AnyStateMachine, input: unknown) {
    this.#machine = machine;
    const self = createActor(machine, { input });
    this.#scope = {
      self,
      system: self.system,
      id: self.id,
      sessionId: self.sessionId,
      logger: () => undefined,
      defer: () => undefined,
      emit: () => undefined,
      stopChild: () => undefined,
      actionExecutor: (action) => {
        this.#actions.push(action);
      },
    };
  }

  /** The moment the machine begins with. */
  first(input: unknown): Moment {
    this.#actions = [];
    const snapshot = this.#machine.getInitialSnapshot(this.#scope, input) as AnyMachineSnapshot;
    return this.#momentOf(snapshot, new Map());
  }

  /** The moment after an event; throws what a guard or an action throws. */
  next({ snapshot, timers }: Moment, event: EventObject): Moment {
    this.#actions = [];
    return this.#momentOf(this.#machine.transition(snapshot, event, this.#scope), timers);
  }

  #momentOf(snapshot: AnyMachineSnapshot, before: ReadonlyMap<string, EventObject>): Moment {
    const timers = new Map(before);
    const touched = new Set<string>();
    for (const { type, info, params, exec } of this.#actions) {
      if (type === "xstate.raise") {
        const { id, event, delay } = params as { id: string; event: EventObject; delay: number | undefined };
        if (delay === undefined) continue;
        timers.set(id, event);
        touched.add(id);
      } else if (type === "xstate.cancel") {
        const { sendId } = params as { sendId: string };
        timers.delete(sendId);
        touched.add(sendId);
      } else if (!type.startsWith("xstate.")) {
        // XState runs these after the step; in the machine that really runs, one that throws puts its actor in error.
        exec?.(info, params);
      }
    }
    return { snapshot, timers: snapshot.status === "active" ? timers : new Map(), touched };
  }
}
