import { type AnyStateMachine, initialTransition, type InputFrom, type SnapshotFrom, transition } from "xstate";

/** An event, or the answer of what a state waits for: `xstate.done.actor.…` with its output. */
export interface Step {
  readonly type: string;
  readonly [property: string]: unknown;
}

/** What becomes of a machine by these events, one after the other; no actor is started, and no time passes. */
export function after<Machine extends AnyStateMachine>(
  machine: Machine,
  input: InputFrom<Machine>,
  ...steps: Step[]
): SnapshotFrom<Machine> {
  return taken(machine, input, steps).snapshot;
}

interface Deed {
  readonly id?: string;
  readonly sendId?: string;
  readonly targetId?: string;
  readonly delay?: number;
  readonly event?: Step;
}

/** What the last of these events makes a machine do to others and to its timers, in words. */
export function deeds<Machine extends AnyStateMachine>(
  machine: Machine,
  input: InputFrom<Machine>,
  ...steps: Step[]
): readonly string[] {
  return taken(machine, input, steps).actions.map(({ type, params }) => {
    const { id, sendId, targetId = "parent", delay, event } = (params ?? {}) as Deed;
    switch (type as string) {
      case "xstate.raise":
        return `arm ${id}: ${event?.type} in ${delay} ms`;
      case "xstate.cancel":
        return `disarm ${sendId}`;
      case "xstate.sendTo":
        return `tell ${targetId} ${event?.type}`;
      case "xstate.spawnChild":
        return `spawn ${id}`;
      case "xstate.stopChild":
        return `stop ${id}`;
      default:
        return type;
    }
  });
}

/** The events that the last of these makes a machine send to others. */
export function sent<Machine extends AnyStateMachine>(
  machine: Machine,
  input: InputFrom<Machine>,
  ...steps: Step[]
): readonly (Step | undefined)[] {
  const { actions } = taken(machine, input, steps);
  return actions.flatMap(({ type, params }) => (type === "xstate.sendTo" ? [(params as Deed).event] : []));
}

function taken<Machine extends AnyStateMachine>(machine: Machine, input: InputFrom<Machine>, steps: readonly Step[]) {
  let [snapshot, actions] = initialTransition(machine, input);
  for (const step of steps) [snapshot, actions] = transition(machine, snapshot, step as never);
  return { snapshot, actions };
}
