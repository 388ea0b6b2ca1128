import type { AnyStateMachine, AnyStateNode } from "xstate";
import { connectionMachine, endReasons, runtimeMachine, sessionMachine } from "../../src/machines/index.js";
import { eventRules } from "./event-rules.js";
import { ancestorsOf, nodesOf, pathOf } from "./machine-nodes.js";

/** What holds of the written machine, before it ever runs. */
export interface StructuralRule {
  readonly sentence: string;
  /** One sentence for each place where it does not hold. */
  readonly defects: (machine: AnyStateMachine) => readonly string[];
}

export const machines = { session: sessionMachine, runtime: runtimeMachine, connection: connectionMachine };

/** Of every machine. */
export const structuralRules: readonly StructuralRule[] = [
  {
    sentence: "should say of every state what it is",
    defects: (machine) =>
      nodesOf(machine)
        .filter(({ description }) => !description)
        .map((node) => `${pathOf(node)} has no description`),
  },
  {
    sentence: "should have no invoke in a final state: XState would never start it (design rule 1)",
    defects: (machine) =>
      nodesOf(machine)
        .filter(({ type, invoke }) => type === "final" && invoke.length > 0)
        .map((node) => `${pathOf(node)} is final and invokes`),
  },
  {
    sentence: "should answer every invoke's success and failure, under an id of its own (design rule 5)",
    defects: (machine) => nodesOf(machine).flatMap((node) => unansweredIn(node, machine)),
  },
  {
    sentence: "should have a bound on every state that waits for an invoke, its own or one around it (I9)",
    defects: (machine) =>
      nodesOf(machine)
        .filter(({ invoke }) => invoke.length > 0)
        .filter((node) => ancestorsOf(node).every(({ after }) => after.length === 0))
        .map((node) => `nothing bounds ${pathOf(node)}`),
  },
  { sentence: "should name every guard and action", defects: (machine) => nodesOf(machine).flatMap(inlineIn) },
  ...eventRules,
];

/** Of the session's terminal states. */
export const terminalRules: readonly StructuralRule[] = [
  {
    sentence: "should have the four end reasons as terminal states, and no other",
    defects: () => {
      const keys = terminalStates().map(({ key }) => key);
      return keys.join() === endReasons.join() ? [] : [`the terminal states are ${keys.join()}`];
    },
  },
  {
    sentence: "should dispose in each terminal state (I3)",
    defects: () =>
      terminalStates()
        .filter(({ states }) => !states["disposing"]?.invoke.some(({ src }) => src === "dispose"))
        .map((node) => `${pathOf(node)} does not dispose`),
  },
  {
    sentence: "should leave each terminal state for closed by proof only (I3)",
    defects: () =>
      terminalStates()
        .flatMap(({ states }) => Object.values(states))
        .filter((state) => (state.key === "proven") !== leadsToClosed(state))
        .map((state) => `${pathOf(state)} ${state.key === "proven" ? "does not lead" : "leads"} to closed`),
  },
  {
    sentence:
      "should not enter a terminal state by an event of an ancestor: that would enter it again and abort the dispose (design rule 2)",
    defects: () =>
      [sessionMachine.root as AnyStateNode, ...terminalStates()].flatMap((node) =>
        [...node.transitions.values()]
          .flat()
          .filter(({ target }) => target !== undefined)
          .map(({ eventType }) => `${eventType} leads on from ${pathOf(node) || "the root"}`),
      ),
  },
];

/** Every place where a machine is not written as it must be. */
export function structuralDefects(): string[] {
  const ofEach = Object.entries(machines).flatMap(([name, machine]) =>
    structuralRules.flatMap(({ defects }) => defects(machine).map((defect) => `${name}: ${defect}`)),
  );
  return [...ofEach, ...terminalRules.flatMap(({ defects }) => defects(sessionMachine))];
}

function terminalStates(): readonly AnyStateNode[] {
  return nodesOf(sessionMachine).filter(
    ({ tags, parent }) => tags.includes("terminal") && parent?.parent === undefined,
  );
}

function leadsToClosed({ transitions, always }: AnyStateNode): boolean {
  return [...transitions.values(), always ?? []]
    .flat()
    .some(({ target }) => target?.some(({ id }) => id === "session.closed"));
}

function unansweredIn(node: AnyStateNode, machine: AnyStateMachine): string[] {
  return node.invoke.flatMap(({ id }) => [
    ...(id.includes(machine.id) ? [`${pathOf(node)} has an invoke without an id`] : []),
    ...["done", "error"]
      .filter((outcome) => !node.ownEvents.includes(`xstate.${outcome}.actor.${id}`))
      .map((outcome) => `${pathOf(node)} does not handle the ${outcome} event of ${id}`),
  ]);
}

function inlineIn(node: AnyStateNode): string[] {
  const transitions = [...[...node.transitions.values()].flat(), ...(node.always ?? [])];
  const actions = [...node.entry, ...node.exit, ...transitions.flatMap((transition) => transition.actions)];
  // XState's own, for delays, are functions that carry their type.
  const hasInlineAction = actions.some((action) => typeof action === "function" && !("type" in action));
  const hasInlineGuard = transitions.some(({ guard }) => typeof guard === "function");
  return [
    ...(hasInlineAction ? [`${pathOf(node)} has an inline action`] : []),
    ...(hasInlineGuard ? [`${pathOf(node)} has an inline guard`] : []),
  ];
}
