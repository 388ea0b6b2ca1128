import { type AnyMachineSnapshot, type AnyStateMachine, type EventObject, getNextTransitions } from "xstate";
import { messageOf } from "../../src/errors/index.js";
import { leavesOf } from "../machines/machine-nodes.js";
import type { Counterexample, Exploration } from "./exploration.js";
import { firstEndlessWait } from "./fairness.js";
import { type Moment, PureSteps } from "./pure-steps.js";
import { firstDeadEnd, type Reached, traceTo } from "./state-graph.js";

/** One machine alone in an adversarial environment: every event that it could take may come, and every timer fire, in any order. */
export interface Alone {
  readonly what: string;
  /** What is capped, in words. */
  readonly bound: string;
  readonly machine: AnyStateMachine;
  /** What it may begin with. */
  readonly inputs: readonly unknown[];
  /** The events to try for an event type that some transition of the state waits for; none where it cannot come. Timers fire by themselves. */
  readonly eventsFor: (type: string, snapshot: AnyMachineSnapshot) => readonly EventObject[];
  /** What tells two states apart beside state value and status; contexts hold functions, and counters that never end. */
  readonly identity: (moment: Moment) => unknown;
  /** A sentence where an invariant does not hold of a state, or of the step that led to it. */
  readonly wrong: (moment: Moment, before: Moment | undefined, event: EventObject | undefined) => string | undefined;
  /** Beyond the cap: looked at, but not gone on from. */
  readonly isBeyond?: (snapshot: AnyMachineSnapshot) => boolean;
  /** About twice what it has: beyond it, something grows that nothing bounds. */
  readonly statesAtMost: number;
  /** On the way to an end, which the clock alone must bring on (I9). */
  readonly isEnding: (snapshot: AnyMachineSnapshot) => boolean;
}

/** For a test of one: it stops by itself, and takes seconds on a machine that has nothing else to do. */
export const explorationTimeoutMs = 60_000;

/** Breadth-first over the pure transition function, so that what it finds first has the shortest path. */
export function explore(alone: Alone): Exploration {
  const { what, bound } = alone;
  const startedAt = performance.now();
  const walk = new Walk(alone);
  const counterexample = walk.toTheEnd();
  return {
    what,
    bound,
    isComplete: counterexample === undefined,
    states: walk.states.length,
    transitions: walk.transitions,
    runs: 0,
    seconds: (performance.now() - startedAt) / 1_000,
    counterexample,
  };
}

class Walk {
  readonly states: Reached[] = [];
  transitions = 0;
  readonly #alone: Alone;
  readonly #steps: PureSteps;
  readonly #byKey = new Map<string, Reached>();
  readonly #beyond = new Set<Reached>();

  constructor(alone: Alone) {
    this.#alone = alone;
    this.#steps = new PureSteps(alone.machine, alone.inputs[0]);
  }

  toTheEnd(): Counterexample | undefined {
    for (const input of this.#alone.inputs) {
      const wrong = this.#visit(undefined, undefined, () => this.#steps.first(input));
      if (wrong !== undefined) return wrong;
    }
    for (let at = 0; at < this.states.length; at += 1) {
      const state = this.states[at];
      if (at === this.#alone.statesAtMost) return { sentence: "there is no end of states", trace: traceTo(state) };
      const found = this.#goOnFrom(state);
      if (found !== undefined) return found;
    }
    return this.#missing();
  }

  #goOnFrom(state: Reached | undefined): Counterexample | undefined {
    if (state?.snapshot.status !== "active" || this.#beyond.has(state)) return undefined;
    for (const [fired, event] of this.#eventsOf(state)) {
      const wrong = this.#visit(state, event, () => this.#steps.next(consumed(state, fired), event), fired);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  }

  #eventsOf({ snapshot, timers }: Reached): readonly (readonly [string | undefined, EventObject])[] {
    const types = new Set(getNextTransitions(snapshot).map(({ eventType }) => eventType));
    const events = [...types]
      .filter((type) => type !== "" && !type.startsWith("xstate.after."))
      .flatMap((type) => this.#alone.eventsFor(type, snapshot));
    return [...timers, ...events.map((event) => [undefined, event] as const)];
  }

  #visit(
    from: Reached | undefined,
    event: EventObject | undefined,
    step: () => Moment,
    fired?: string,
  ): Counterexample | undefined {
    this.transitions += 1;
    const { identity, isBeyond, wrong } = this.#alone;
    let moment: Moment;
    try {
      moment = step();
    } catch (error) {
      return { sentence: `an action or guard threw ${messageOf(error)}`, trace: traceTo(from, event) };
    }
    const { snapshot, touched } = moment;
    const sentence = snapshot.status === "error" ? "the machine is in error" : wrong(moment, from, event);
    if (sentence !== undefined) return { sentence, trace: traceTo(from, event) };
    const key = JSON.stringify([snapshot.value, snapshot.status, identity(moment)]);
    let to = this.#byKey.get(key);
    if (to === undefined) {
      to = { ...moment, index: this.states.length, from, event, steps: [] };
      this.states.push(to);
      this.#byKey.set(key, to);
      if (isBeyond?.(snapshot)) this.#beyond.add(to);
    }
    from?.steps.push({ to, fired, touched });
    return undefined;
  }

  /** What only the whole graph can tell. */
  #missing(): Counterexample | undefined {
    const { isEnding, machine } = this.#alone;
    const dead = firstDeadEnd(this.states, (state) => state.snapshot.status === "done" || this.#beyond.has(state));
    if (dead !== undefined) return { sentence: "no end can be reached any more", trace: traceTo(dead) };
    const endless = firstEndlessWait(this.states, ({ snapshot }) => isEnding(snapshot));
    if (endless !== undefined) return { sentence: "I9: no timer ends this end", trace: traceTo(endless) };
    const values = new Set(this.states.map(({ snapshot }) => JSON.stringify(snapshot.value)));
    const expected = leavesOf(machine).length + 1;
    if (values.size !== expected)
      return { sentence: `${values.size} leaves are reached, not ${expected}`, trace: "any path" };
    return undefined;
  }
}

/** A timer that fires is not armed any more. */
function consumed(moment: Moment, fired: string | undefined): Moment {
  if (fired === undefined) return moment;
  return { ...moment, timers: new Map([...moment.timers].filter(([id]) => id !== fired)) };
}
