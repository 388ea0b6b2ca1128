import { isWithin, type MachineModel, parentOf, stateAt } from "./machine-model.js";

/** A state on the way, and the delay that bounds it. */
export interface Step {
  readonly state: string;
  readonly delay: string;
  readonly ms: number;
}

/** What stands for the delay of a state that has none. */
export const unlimited = "nothing";

/** The longest that a machine can be on its way. */
export interface LongestWay {
  /** Infinite where a state on the way has no bound. */
  readonly ms: number;
  readonly steps: readonly Step[];
  /** Where it ends. */
  readonly to: string;
}

/**
 * The longest way from a state until one of `until` is entered, if every delay on it runs to its end. A state that has a delay of its own
 * is bounded by it with all that is in it; every transition is taken to be possible, whatever its guard says.
 */
export function longestWay(
  model: MachineModel,
  { from, until }: { from: string; until: readonly string[] },
): LongestWay {
  return longest(unitOf(model, from), { model, until, onTheWay: [] });
}

interface Walk {
  readonly model: MachineModel;
  readonly until: readonly string[];
  readonly onTheWay: readonly string[];
}

function longest(unit: string, walk: Walk): LongestWay {
  const { model, until, onTheWay } = walk;
  if (until.some((stop) => isWithin(unit, stop))) return { ms: 0, steps: [], to: unit };
  if (onTheWay.includes(unit)) return { ms: Number.POSITIVE_INFINITY, steps: [], to: unit };
  const bound = boundOf(model, unit);
  const ways = exitsOf(model, unit).map((target) =>
    until.some((stop) => isWithin(target, stop))
      ? { ms: 0, steps: [], to: target }
      : longest(unitOf(model, target), { ...walk, onTheWay: [...onTheWay, unit] }),
  );
  const [first, ...others] = ways;
  if (first === undefined) return { ms: Number.POSITIVE_INFINITY, steps: [], to: unit };
  const rest = others.reduce((a, b) => (b.ms > a.ms ? b : a), first);
  const steps = bound === undefined ? rest.steps : [{ state: unit, ...bound }, ...rest.steps];
  return { ms: (bound?.ms ?? 0) + rest.ms, steps, to: rest.to };
}

/** The outermost state around a target that has a delay of its own, else the innermost state that is entered. */
function unitOf(model: MachineModel, target: string): string {
  const entered = enteredBy(model, target);
  let unit = entered;
  for (let at = parentOf(entered); at !== undefined; at = parentOf(at)) if (delaysOf(model, at).length > 0) unit = at;
  return unit;
}

function enteredBy(model: MachineModel, path: string): string {
  const [initial] = stateAt(model, path).initial;
  return initial === undefined ? path : enteredBy(model, initial);
}

function exitsOf({ transitions }: MachineModel, unit: string): string[] {
  const around: string[] = [];
  for (let at = parentOf(unit); at !== undefined; at = parentOf(at)) around.push(at);
  const own = transitions.filter(({ source }) => isWithin(source, unit));
  const inherited = transitions.filter(({ source }) => around.includes(source));
  return [...own, ...inherited].flatMap(({ targets }) => targets).filter((target) => !isWithin(target, unit));
}

/** None where a state is left at once. */
function boundOf(model: MachineModel, unit: string): { delay: string; ms: number } | undefined {
  const isLeftAtOnce = model.transitions.some(
    ({ source, kind, guard }) => source === unit && kind === "always" && !guard,
  );
  if (isLeftAtOnce) return undefined;
  const delays = delaysOf(model, unit).toSorted((a, b) => a.ms - b.ms);
  return delays[0] ?? { delay: unlimited, ms: Number.POSITIVE_INFINITY };
}

function delaysOf({ transitions, delays }: MachineModel, path: string): { delay: string; ms: number }[] {
  return transitions
    .filter(({ source, kind }) => source === path && kind === "time")
    .map(({ label }) => label.slice("after ".length))
    .map((delay) => ({ delay, ms: delays.find(({ name }) => name === delay)?.ms ?? Number.POSITIVE_INFINITY }));
}
