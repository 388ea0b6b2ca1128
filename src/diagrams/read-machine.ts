import type { AnyStateMachine, AnyStateNode } from "xstate";
import type { ActorModel, MachineModel, StateModel, TransitionModel } from "./machine-model.js";
import { actionOf, eventLabel, guardOf, jsonText, type Named } from "./names.js";
import { delayName, delaysOf } from "./read-delays.js";

/**
 * Everything that a machine's definition says, as plain data. The machine is not run; delays that are functions are asked with `context`,
 * where one is given.
 */
export function readMachine(
  machine: AnyStateMachine,
  { context, drawn = [] }: { context?: unknown; drawn?: readonly string[] } = {},
): MachineModel {
  const nodes = nodesOf(machine.root);
  const inline: string[] = [];
  const note = (place: string, what: string) =>
    inline.push(`${place === "" ? machine.id : place} has an inline ${what}`);
  const states = nodes.map((node) => stateOf(node, machine, note));
  const transitions = nodes.flatMap((node) => transitionsOf(node, note));
  const invoked = new Set(states.flatMap(({ invokes }) => invokes.map(({ src }) => src)));
  const spawns = Object.keys(machine.implementations.actors)
    .filter((src) => !invoked.has(src))
    .map((src) => ({ id: src, src, machine: machineIdOf(src, machine) }));
  return { id: machine.id, states, transitions, delays: delaysOf(nodes, machine, context), spawns, drawn, inline };
}

type Note = (place: string, what: string) => void;

function nodesOf(node: AnyStateNode): AnyStateNode[] {
  return [node, ...Object.values(node.states).flatMap((child) => nodesOf(child))];
}

function pathOf({ path }: AnyStateNode): string {
  return path.join(".");
}

function stateOf(node: AnyStateNode, machine: AnyStateMachine, note: Note): StateModel {
  const path = pathOf(node);
  const isCompound = node.type === "compound";
  return {
    path,
    key: node.parent === undefined ? machine.id : node.key,
    type: node.type,
    history: node.history === false ? undefined : node.history,
    parent: node.parent === undefined ? undefined : pathOf(node.parent),
    children: Object.values(node.states).map(pathOf),
    initial: isCompound ? (node.initial.target ?? []).map(pathOf) : [],
    description: node.description,
    tags: node.tags,
    meta: node.meta === undefined ? undefined : jsonText(node.meta),
    entry: namesOf(node.entry, path, note),
    exit: namesOf(node.exit, path, note),
    invokes: node.invoke.map((each) => invokeOf(each, machine)),
    hasOutput: node.type === "final" && node.output !== undefined,
  };
}

function namesOf(actions: readonly unknown[], place: string, note: Note): string[] {
  return actions.flatMap((action) => nameOf(actionOf(action), place, note, "action"));
}

function nameOf(named: Named | undefined, place: string, note: Note, what: string): string[] {
  if (named === undefined) return [];
  if (named.isInline) note(place, what);
  return [named.name];
}

function invokeOf(invoke: { id: string; src: unknown }, machine: AnyStateMachine): ActorModel {
  const src = typeof invoke.src === "string" ? invoke.src : "inline";
  const isNamed = !src.startsWith("xstate.invoke.");
  return {
    id: invoke.id,
    src: isNamed ? src : "inline",
    machine: typeof invoke.src === "string" ? machineIdOf(invoke.src, machine) : machineIdIn(invoke.src),
  };
}

function machineIdOf(src: string, machine: AnyStateMachine): string | undefined {
  return machineIdIn(machine.implementations.actors[src]);
}

function machineIdIn(logic: unknown): string | undefined {
  return typeof logic === "object" && logic !== null && "root" in logic && "id" in logic ? String(logic.id) : undefined;
}

interface WrittenTransition {
  readonly eventType: string;
  readonly target: readonly AnyStateNode[] | undefined;
  readonly guard?: unknown;
  readonly actions: readonly unknown[];
  readonly reenter: boolean;
  readonly delay?: unknown;
  readonly description?: string | undefined;
}

function transitionsOf(node: AnyStateNode, note: Note): TransitionModel[] {
  const written: WrittenTransition[] = [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
  const places = new Map<string, number>();
  const models = written.map((transition) => {
    const place = places.get(transition.eventType) ?? 0;
    places.set(transition.eventType, place + 1);
    return transitionOf(transition, { node, place, note });
  });
  return node.type === "history" ? [...models, ...historyDefault(node)] : models;
}

function transitionOf(
  transition: WrittenTransition,
  { node, place, note }: { node: AnyStateNode; place: number; note: Note },
): TransitionModel {
  const source = pathOf(node);
  const { eventType, target, guard, actions, reenter, delay, description } = transition;
  const srcOf = (id: string) => {
    const src = node.invoke.find((each) => each.id === id)?.src;
    // An invoke without an id of its own is known to readers by what it is.
    return /^\d+\./.test(id) ? (typeof src === "string" && !src.startsWith("xstate.invoke.") ? src : "inline") : id;
  };
  const named = guardOf(guard);
  if (named !== undefined) nameOf(named, source, note, "guard");
  return {
    id: `${source}|${eventType}|${place}`,
    source,
    event: eventType,
    ...eventLabel(eventType, { delay: delay === undefined ? undefined : delayName(delay), srcOf }),
    guard: named === undefined ? undefined : { name: named.name, params: named.params },
    actions: namesOf(actions, source, note),
    targets: (target ?? []).map(pathOf),
    reenter,
    description,
  };
}

/** Where a history state leads that remembers nothing yet. */
function historyDefault(node: AnyStateNode): TransitionModel[] {
  const { target } = node.config as { target?: unknown };
  const name = Array.isArray(target) ? String(target[0]) : typeof target === "string" ? target : undefined;
  if (name === undefined || node.parent === undefined) return [];
  const targets = name.startsWith("#")
    ? [node.machine.getStateNodeById(name)].map(pathOf)
    : [[...node.parent.path, ...name.replace(/^\./, "").split(".")].join(".")];
  const source = pathOf(node);
  const nothing = { guard: undefined, actions: [], reenter: false, description: undefined };
  return [
    { id: `${source}||default`, source, kind: "always", event: "", label: "without history", targets, ...nothing },
  ];
}
