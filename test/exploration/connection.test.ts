import type { AnyMachineSnapshot, AnyEventObject } from "xstate";
import { expect, test } from "vitest";
import { connectionMachine, type ConnectionContext } from "../../src/machines/index.js";
import { leavesOf } from "../machines/machine-nodes.js";
import { explore } from "./reachable.js";
import { silentPort } from "./silent-port.js";

const evidence = [
  { at: 1, empty: true, onlyRemoteLeft: false },
  { at: 1, empty: false, onlyRemoteLeft: true },
  { at: 1, empty: false, onlyRemoteLeft: false },
];

function eventsFor(type: string): readonly AnyEventObject[] {
  if (type === "") return [];
  if (type === "LOST") return ["c", "older"].map((attempt) => ({ type, attempt }));
  if (type === "HURRY") return [3_000, 9_000].map((deadline) => ({ type, at: 0, deadline }));
  if (type === "xstate.done.actor.open") return [{ type, output: { tools: [] } }];
  if (/^xstate\.done\.actor\.(endInput|terminate|look)$/.test(type))
    return evidence.map((output) => ({ type, output }));
  return [{ type }];
}

function identity({ context }: AnyMachineSnapshot): unknown {
  const { wasOpen, failure, deadline, late, releases, kills, leakedOnce, how } = context as ConnectionContext;
  // Five goodbyes decide something, kills only lengthen a pause.
  return {
    wasOpen,
    failed: failure?.kind,
    deadline,
    late,
    releases: Math.min(releases, 5),
    kills: kills > 0,
    leakedOnce,
    how,
  };
}

test("should reach closed from every state, and closed only by evidence or by giving up with a word", () => {
  const reached = explore({
    machine: connectionMachine,
    input: {
      id: "c",
      server: "files",
      graces: {
        connectTimeoutMs: 1,
        settleMs: 1,
        releaseMs: 1,
        inputEndedMs: 1,
        terminatingMs: 1,
        verifyMs: 1_000,
        drainMs: 1,
      },
      port: silentPort,
    },
    eventsFor,
    identity,
    wrong: (snapshot, before) => {
      if (snapshot.status === "error") return "an action or guard threw";
      if (snapshot.status !== "done") return undefined;
      const { how, at } = snapshot.output as { how: string; at: number | undefined };
      if (how === "forgotten") {
        const { leakedOnce } = (before?.context ?? {}) as Partial<ConnectionContext>;
        return leakedOnce ? undefined : "forgotten, but never leaked";
      }
      return at === undefined ? `closed as ${how} without evidence` : undefined;
    },
  });

  expect(reached.dead).toEqual([]);
  expect(reached.values.size, "every leaf is reached, and closed").toBe(leavesOf(connectionMachine).length + 1);
  console.info(`connection alone: ${reached.states} states, ${reached.transitions} transitions, all reachable ones`);
});
