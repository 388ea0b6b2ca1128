import { describe, expect, test } from "vitest";
import { connectionMachine, endReasons, runtimeMachine, sessionMachine } from "../../src/machines/index.js";
import { ancestorsOf, nodesOf, pathOf } from "./machine-nodes.js";

const machines = { session: sessionMachine, runtime: runtimeMachine, connection: connectionMachine };

describe.each(Object.entries(machines))("the %s machine", (_name, machine) => {
  test("should say of every state what it is", () => {
    expect(
      nodesOf(machine)
        .filter(({ description }) => !description)
        .map(pathOf),
    ).toEqual([]);
  });

  test("should have no invoke in a final state: XState would never start it (design rule 1)", () => {
    const wrong = nodesOf(machine).filter(({ type, invoke }) => type === "final" && invoke.length > 0);
    expect(wrong.map(pathOf)).toEqual([]);
  });

  test("should answer every invoke's success and failure, under an id of its own (design rule 5)", () => {
    for (const node of nodesOf(machine)) {
      for (const { id } of node.invoke) {
        expect(id, `${pathOf(node)} has an invoke without an id`).not.toContain(machine.id);
        const answered = node.ownEvents;
        expect(answered, `${pathOf(node)} does not handle the done event of ${id}`).toContain(
          `xstate.done.actor.${id}`,
        );
        expect(answered, `${pathOf(node)} does not handle the error of ${id}`).toContain(`xstate.error.actor.${id}`);
      }
    }
  });

  test("should have a bound on every state that waits for an invoke, its own or one around it (I9)", () => {
    for (const node of nodesOf(machine).filter(({ invoke }) => invoke.length > 0)) {
      const bounds = ancestorsOf(node).flatMap(({ after }) => after);
      expect(bounds, `nothing bounds ${pathOf(node)}`).not.toEqual([]);
    }
  });

  test("should name every guard and action", () => {
    for (const node of nodesOf(machine)) {
      const transitions = [...node.transitions.values()].flat();
      const actions = [...node.entry, ...node.exit, ...transitions.flatMap((transition) => transition.actions)];
      // XState's own, for delays, are functions that carry their type.
      const isInline = (action: unknown) => typeof action === "function" && !("type" in action);
      const named = actions.map((action) => (isInline(action) ? "inline" : "named"));
      expect(named, `${pathOf(node)} has an inline action`).not.toContain("inline");
      const guards = transitions.map(({ guard }) => (typeof guard === "function" ? "inline" : "named"));
      expect(guards, `${pathOf(node)} has an inline guard`).not.toContain("inline");
    }
  });
});

describe("the terminal states of the session", () => {
  const terminal = nodesOf(sessionMachine).filter(
    ({ tags, parent }) => tags.includes("terminal") && parent?.parent === undefined,
  );

  test("should be the four end reasons, and no other", () => {
    expect(terminal.map(({ key }) => key)).toEqual([...endReasons]);
  });

  test.each(endReasons)("%s should dispose, and be left for closed by proof only (I3)", (reason) => {
    const node = sessionMachine.root.states[reason];
    expect(node?.type).toBe("compound");
    expect(node?.states["disposing"]?.invoke.map(({ src }) => src)).toEqual(["dispose"]);
    const leavers = Object.values(node?.states ?? {}).filter((state) =>
      [...state.transitions.values(), state.always ?? []]
        .flat()
        .some(({ target }) => target?.some(({ id }) => id === "session.closed")),
    );
    expect(leavers.map(({ key }) => key)).toEqual(["proven"]);
  });

  test("should not be entered by an event of an ancestor: that would enter them again and abort the dispose (design rule 2)", () => {
    const targets = [...sessionMachine.root.transitions.values()].flat().filter(({ target }) => target !== undefined);
    expect(targets).toEqual([]);
    for (const node of terminal) {
      const joins = [...node.transitions.values()].flat().filter(({ target }) => target !== undefined);
      expect(joins.map(({ eventType }) => eventType)).toEqual([]);
    }
  });
});
