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
  let [snapshot] = initialTransition(machine, input);
  for (const step of steps) [snapshot] = transition(machine, snapshot, step as never);
  return snapshot;
}
