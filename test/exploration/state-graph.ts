import type { EventObject } from "xstate";
import type { Moment } from "./pure-steps.js";

/** A state that was reached, and how. */
export interface Reached extends Moment {
  readonly index: number;
  /** The step by which it was reached first: the last of a shortest path. */
  readonly from: Reached | undefined;
  readonly event: EventObject | undefined;
  readonly steps: Step[];
}

export interface Step {
  readonly to: Reached;
  /** The timer whose event this step is, if it is one's. */
  readonly fired: string | undefined;
  readonly touched: ReadonlySet<string>;
}

/** The first state from which no other that `isGoal` can be reached; what was not explored further counts as one. */
export function firstDeadEnd(states: readonly Reached[], isGoal: (state: Reached) => boolean): Reached | undefined {
  const before = new Map<Reached, Reached[]>();
  for (const state of states) {
    for (const { to } of state.steps) {
      const known = before.get(to);
      if (known === undefined) before.set(to, [state]);
      else known.push(state);
    }
  }
  const alive = new Set<Reached>();
  const queue = states.filter(isGoal);
  for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
    if (alive.has(state)) continue;
    alive.add(state);
    queue.push(...(before.get(state) ?? []));
  }
  return states.find((state) => !alive.has(state));
}

/** The events of a shortest path, in a line. */
export function traceTo(state: Reached | undefined, last?: EventObject): string {
  const events: EventObject[] = last === undefined ? [] : [last];
  for (let at = state; at?.event !== undefined; at = at.from) events.unshift(at.event);
  return events.length === 0 ? "the start" : events.map(describe).join(" ");
}

function describe({ type, ...payload }: EventObject): string {
  const name = type.replace(/^xstate\./, "");
  return Object.keys(payload).length === 0 ? name : `${name}${JSON.stringify(payload)}`;
}
