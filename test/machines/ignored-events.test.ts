import { describe, expect, test } from "vitest";
import { ignoredEvents } from "../../src/machines/ignored-events.js";
import { connectionMachine, runtimeMachine, sessionMachine } from "../../src/machines/index.js";
import { ancestorsOf, leavesOf, nodesOf, pathOf } from "./machine-nodes.js";

const machines = { session: sessionMachine, runtime: runtimeMachine, connection: connectionMachine };

describe.each(Object.entries(machines))("the %s machine", (name, machine) => {
  const ignored = ignoredEvents[name as keyof typeof machines];
  const events = [...new Set(nodesOf(machine).flatMap(({ ownEvents }) => ownEvents))].filter(
    (event) => !event.startsWith("xstate.") && event !== "",
  );
  const isIgnored = (event: string, path: string) =>
    ignored.some(
      (row) => row.event === event && row.states.some((state) => path === state || path.startsWith(`${state}.`)),
    );

  test("should handle each event in each state, or say why not", () => {
    const silent = leavesOf(machine).flatMap((leaf) => {
      const handled = new Set(ancestorsOf(leaf).flatMap(({ ownEvents }) => ownEvents));
      return events
        .filter((event) => !handled.has(event) && !isIgnored(event, pathOf(leaf)))
        .map((event) => `${event} in ${pathOf(leaf)}`);
    });
    expect(silent).toEqual([]);
  });

  test("should not be said to ignore what it handles", () => {
    const stale = leavesOf(machine).flatMap((leaf) => {
      const handled = new Set(ancestorsOf(leaf).flatMap(({ ownEvents }) => ownEvents));
      return events
        .filter((event) => handled.has(event) && isIgnored(event, pathOf(leaf)))
        .map((event) => `${event} in ${pathOf(leaf)}`);
    });
    expect(stale).toEqual([]);
  });

  test("should be said to ignore only events and states it has", () => {
    const paths = nodesOf(machine).map(pathOf);
    expect(ignored.flatMap(({ states }) => states).filter((state) => !paths.includes(state))).toEqual([]);
    expect(ignored.map(({ event }) => event).filter((event) => !events.includes(event))).toEqual([]);
  });
});
