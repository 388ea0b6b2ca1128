import type { AnyStateMachine, AnyStateNode } from "xstate";
import { type IgnoredEvent, ignoredEvents } from "../../src/machines/ignored-events.js";
import { ancestorsOf, leavesOf, nodesOf, pathOf } from "./machine-nodes.js";
import type { StructuralRule } from "./structural-rules.js";

/** XState drops an event that no state handles, without a word; a table says where that is right. */
export const eventRules: readonly StructuralRule[] = [
  {
    sentence: "should handle each event in each state, or say why not",
    defects: (machine) =>
      cases(machine)
        .filter(({ isHandled, isIgnored }) => !isHandled && !isIgnored)
        .map(({ event, path }) => `${event} is dropped without a word in ${path}`),
  },
  {
    sentence: "should not be said to ignore what it handles",
    defects: (machine) =>
      cases(machine)
        .filter(({ isHandled, isIgnored }) => isHandled && isIgnored)
        .map(({ event, path }) => `${event} is handled in ${path}`),
  },
  {
    sentence: "should be said to ignore only events and states it has",
    defects: (machine) => {
      const paths = nodesOf(machine).map(pathOf);
      const events = eventsOf(machine);
      return ignoredBy(machine).flatMap(({ event, states }) => [
        ...states.filter((state) => !paths.includes(state)).map((state) => `there is no state ${state}`),
        ...(events.includes(event) ? [] : [`there is no event ${event}`]),
      ]);
    },
  },
];

function cases(machine: AnyStateMachine) {
  const ignored = ignoredBy(machine);
  return leavesOf(machine).flatMap((leaf: AnyStateNode) => {
    const path = pathOf(leaf);
    const handled = new Set(ancestorsOf(leaf).flatMap(({ ownEvents }) => ownEvents));
    return eventsOf(machine).map((event) => ({
      event,
      path,
      isHandled: handled.has(event),
      isIgnored: ignored.some(
        (row) => row.event === event && row.states.some((state) => path === state || path.startsWith(`${state}.`)),
      ),
    }));
  });
}

function ignoredBy(machine: AnyStateMachine): readonly IgnoredEvent[] {
  return ignoredEvents[machine.id as keyof typeof ignoredEvents];
}

function eventsOf(machine: AnyStateMachine): readonly string[] {
  const events = nodesOf(machine).flatMap(({ ownEvents }) => ownEvents);
  return [...new Set(events)].filter((event) => !event.startsWith("xstate.") && event !== "");
}
