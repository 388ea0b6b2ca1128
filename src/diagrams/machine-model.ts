/** What leads on: an event, the success or failure of a child, time, or nothing at all. */
export type TransitionKind = "event" | "done" | "error" | "time" | "always";

/** One transition of a machine's definition, as plain data. */
export interface TransitionModel {
  /** Unique in the machine: source, event, and its place among those of that event. */
  readonly id: string;
  /** Path of the state it is written in; `""` is the machine itself. */
  readonly source: string;
  readonly kind: TransitionKind;
  /** XState's type of the event; `""` for `always`. */
  readonly event: string;
  /** The event, for readers. */
  readonly label: string;
  readonly guard: GuardModel | undefined;
  readonly actions: readonly string[];
  /** Paths; none: only its actions run, no state is left. */
  readonly targets: readonly string[];
  readonly reenter: boolean;
  readonly description: string | undefined;
}

/** A guard by its name; `params` are the values it was given, for readers. */
export interface GuardModel {
  readonly name: string;
  readonly params: string;
}

/** A child that a state invokes, or that an action spawns. */
export interface ActorModel {
  readonly id: string;
  readonly src: string;
  /** Id of the machine it is, where it is one. */
  readonly machine: string | undefined;
}

export type StateType = "atomic" | "compound" | "parallel" | "final" | "history";

/** One state of a machine's definition, as plain data. */
export interface StateModel {
  /** Keys from the root, with dots; `""` is the machine itself. */
  readonly path: string;
  readonly key: string;
  readonly type: StateType;
  readonly history: "shallow" | "deep" | undefined;
  readonly parent: string | undefined;
  /** Paths, in the order of the definition. */
  readonly children: readonly string[];
  readonly initial: readonly string[];
  readonly description: string | undefined;
  readonly tags: readonly string[];
  readonly meta: string | undefined;
  readonly entry: readonly string[];
  readonly exit: readonly string[];
  readonly invokes: readonly ActorModel[];
  /** A final state that gives something. */
  readonly hasOutput: boolean;
}

/** A named delay, or a plain number of milliseconds. */
export interface DelayModel {
  readonly name: string;
  /** Milliseconds; `undefined` where only a running machine knows. */
  readonly ms: number | undefined;
}

/** All of a machine's definition that diagrams and tables are made of. */
export interface MachineModel {
  readonly id: string;
  /** The root first, each before its children. */
  readonly states: readonly StateModel[];
  readonly transitions: readonly TransitionModel[];
  readonly delays: readonly DelayModel[];
  /** Implementations of actors that no state invokes: its actions spawn them. */
  readonly spawns: readonly ActorModel[];
  /** Ids of the machines that are drawn with it, itself among them: children of these have a picture to lead to. */
  readonly drawn: readonly string[];
  /** Where a guard or an action is a function without a name in the definition. */
  readonly inline: readonly string[];
}

/** The state at a path; an error if there is none. */
export function stateAt(model: MachineModel, path: string): StateModel {
  const state = model.states.find((each) => each.path === path);
  if (state === undefined) throw new RangeError(`machine "${model.id}" has no state "${path}"`);
  return state;
}

/** Whether `path` is `ancestor`, or within it. */
export function isWithin(path: string, ancestor: string): boolean {
  return ancestor === "" || path === ancestor || path.startsWith(`${ancestor}.`);
}

/** Path of the state around this one; `undefined` for the machine itself. */
export function parentOf(path: string): string | undefined {
  if (path === "") return undefined;
  return path.includes(".") ? path.slice(0, path.lastIndexOf(".")) : "";
}

/** The innermost state around both, or one of them if it is around the other. */
export function commonAncestor(a: string, b: string): string {
  let ancestor = a;
  while (!isWithin(b, ancestor)) ancestor = parentOf(ancestor) ?? "";
  return ancestor;
}

/** States of `model` within `path` that have no children. */
export function leavesWithin(model: MachineModel, path: string): readonly StateModel[] {
  return model.states.filter(
    (state) => isWithin(state.path, path) && state.children.length === 0 && state.type !== "history",
  );
}
