import {
  type AnyMachineSnapshot,
  type AnyStateMachine,
  type EventObject,
  getNextTransitions,
  initialTransition,
  transition,
} from "xstate";

/** One machine alone in an adversarial environment: every event that it could take may come, with every payload that matters. */
export interface Exploration {
  readonly machine: AnyStateMachine;
  readonly input: unknown;
  /** Stops after so many states, breadth-first; default: all reachable ones. */
  readonly maxStates?: number;
  /** The events to try for an event type that some transition of the state waits for; none where it cannot come. */
  readonly eventsFor: (type: string, snapshot: AnyMachineSnapshot) => readonly EventObject[];
  /** What tells two states apart; contexts hold functions, and counters that never end. */
  readonly identity: (snapshot: AnyMachineSnapshot) => unknown;
  /** A sentence where an invariant does not hold of a state, or of the step that led to it. */
  readonly wrong: (snapshot: AnyMachineSnapshot, before: AnyMachineSnapshot | undefined) => string | undefined;
}

export interface Reached {
  /** Whether these are all. */
  readonly isComplete: boolean;
  readonly states: number;
  readonly transitions: number;
  /** Every state value that was seen. */
  readonly values: ReadonlySet<string>;
  /** States from which no final state can be reached, with the path that leads there. */
  readonly dead: readonly string[];
}

interface Found {
  readonly snapshot: AnyMachineSnapshot;
  /** The step by which it was reached first. */
  readonly from: string | undefined;
  readonly event: EventObject | undefined;
  readonly before: string[];
}

/** Breadth-first over the pure transition function, so that what it finds first has the shortest path. */
export function explore({
  machine,
  input,
  maxStates = Number.POSITIVE_INFINITY,
  eventsFor,
  identity,
  wrong,
}: Exploration): Reached {
  const [initial] = initialTransition(machine, input);
  const found = new Map<string, Found>();
  const queue: string[] = [];
  let transitions = 0;

  const visit = (snapshot: AnyMachineSnapshot, from?: string, event?: EventObject): void => {
    const sentence = wrong(snapshot, from === undefined ? undefined : found.get(from)?.snapshot);
    if (sentence !== undefined)
      throw new Error(`${sentence}, by ${[...pathTo(found, from), describe(event)].join(" ")}`);
    const key = JSON.stringify([snapshot.value, snapshot.status, identity(snapshot)]);
    const known = found.get(key);
    if (known !== undefined) {
      if (from !== undefined) known.before.push(from);
      return;
    }
    found.set(key, { snapshot, from, event, before: from === undefined ? [] : [from] });
    queue.push(key);
  };

  visit(initial);
  for (let at = 0; at < Math.min(queue.length, maxStates); at += 1) {
    const key = queue[at] ?? "";
    const snapshot = found.get(key)?.snapshot ?? initial;
    if (snapshot.status !== "active") continue;
    const types = new Set(getNextTransitions(snapshot).map(({ eventType }) => eventType));
    for (const event of [...types].flatMap((type) => eventsFor(type, snapshot))) {
      const [next] = transition(machine, snapshot, event);
      transitions += 1;
      visit(next as AnyMachineSnapshot, key, event);
    }
  }
  return {
    isComplete: queue.length <= maxStates,
    states: found.size,
    transitions,
    values: new Set([...found.values()].map(({ snapshot }) => JSON.stringify(snapshot.value))),
    dead: deadStates(found),
  };
}

function pathTo(found: ReadonlyMap<string, Found>, key: string | undefined): string[] {
  const step = key === undefined ? undefined : found.get(key);
  return step?.event === undefined ? [] : [...pathTo(found, step.from), describe(step.event)];
}

function deadStates(found: ReadonlyMap<string, Found>): readonly string[] {
  const alive = new Set<string>();
  const queue = [...found].filter(([, { snapshot }]) => snapshot.status === "done").map(([key]) => key);
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    if (alive.has(key)) continue;
    alive.add(key);
    queue.push(...(found.get(key)?.before ?? []));
  }
  return [...found]
    .filter(([key]) => !alive.has(key))
    .map(([key, { snapshot }]) => `${JSON.stringify(snapshot.value)} by ${pathTo(found, key).join(" ")}`);
}

function describe(event: EventObject | undefined): string {
  if (event === undefined) return "the start";
  const { type, ...payload } = event;
  return Object.keys(payload).length === 0 ? type : `${type}${JSON.stringify(payload)}`;
}
