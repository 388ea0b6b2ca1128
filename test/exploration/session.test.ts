import type { AnyMachineSnapshot, AnyEventObject } from "xstate";
import { expect, test } from "vitest";
import { actorOf, endReasons, type SessionContext, sessionMachine } from "../../src/machines/index.js";
import { leavesOf } from "../machines/machine-nodes.js";
import { explore } from "./reachable.js";
import { silentPort } from "./silent-port.js";

const runtimesAtMost = 2;

function eventsFor(type: string, { context }: AnyMachineSnapshot): readonly AnyEventObject[] {
  const { leases, runtimes, sequence } = context as SessionContext;
  switch (type) {
    case "":
      return [];
    case "ACQUIRE":
      // Leases and runtimes are counted; two of each meet every rule there is about them.
      return leases.length < 2 && sequence < runtimesAtMost
        ? [{ type, lease: leases.includes("l1") ? "l2" : "l1", at: 0 }]
        : [];
    case "RELEASE":
      return leases.flatMap((lease) => [0, 500].map((at) => ({ type, lease, at, failed: false })));
    case "USED":
      return [0, 1].map((inFlight) => ({ type, connection: "c", inFlight, inFlightOfSession: inFlight, at: 0 }));
    case "RETIRE":
      return [true, false].map((required) => ({ type, required, reason: "reset", cause: "new" }));
    case "END":
      // The other two reasons come by RETIRE, IDLE and LIFETIME; the four are alike by construction.
      return [
        { type, reason: "ended", cause: "c", at: 0 },
        { type, reason: "errored", cause: "c", at: 0, deadline: 3_000 },
      ];
    case "RUNTIME.LEAKED":
      return Object.keys(runtimes).map((id) => ({ type, id, servers: ["a"] }));
    case "xstate.done.actor.*":
      return Object.keys(runtimes).map((id) => ({
        type: `xstate.done.actor.${actorOf(id)}`,
        output: { kind: "runtime", id, catalogue: {} },
      }));
    case "xstate.error.actor.*":
      return Object.keys(runtimes).map((id) => ({
        type: `xstate.error.actor.${actorOf(id)}`,
        error: new Error("machine"),
      }));
    case "xstate.done.actor.dispose":
      return ["gone", "leaked"].map((output) => ({ type, output }));
    case "OPEN":
      return [{ type, servers: ["a"], at: 0 }];
    case "RELOAD":
      return [{ type, servers: {} }];
    default:
      return [{ type }];
  }
}

function identity({ context }: AnyMachineSnapshot): unknown {
  const {
    leases,
    lifetimeIsOver,
    callsInFlight,
    retirement,
    current,
    runtimes,
    sequence,
    wanted,
    end,
    budget,
    disposal,
  } = context as SessionContext;
  const states = Object.values(runtimes).map(({ leaked, id }) => [leaked, id === current]);
  // What only decides whether and how an end begins is not read any more once it has begun.
  if (end) return [states, end.reason, budget?.deadline, disposal];
  return [leases.length, lifetimeIsOver, callsInFlight > 0, retirement?.required, states, sequence, wanted];
}

/** The first two parts of the state's path. */
function stateOf(snapshot: AnyMachineSnapshot | undefined): readonly string[] {
  const value: unknown = snapshot?.value;
  if (typeof value !== "object" || value === null) return [String(value)];
  const [[state, child] = ["", ""]] = Object.entries(value);
  return [state, typeof child === "string" ? child : (Object.keys(child as object)[0] ?? "")];
}

test("should dispose once in every path, join later ends, and be closed by proof only", () => {
  const reached = explore({
    machine: sessionMachine,
    maxStates: 600,
    input: {
      id: "s",
      servers: {},
      timings: { drainMs: 1, idleTimeoutMs: 100, maxLifetimeMs: 1_000, requiredRetireMs: 10 },
      oneShot: false,
      port: silentPort,
    },
    eventsFor,
    identity,
    wrong: (snapshot, before) => {
      if (snapshot.status === "error") return "an action or guard threw";
      const context = snapshot.context as SessionContext;
      const earlier = before?.context as SessionContext | undefined;
      const [reason, stage] = stateOf(snapshot);
      const [reasonBefore, stageBefore] = stateOf(before);
      const isEnd = endReasons.some((each) => each === reason);
      const wasEnd = endReasons.some((each) => each === reasonBefore);
      if (wasEnd && reason !== reasonBefore && reason !== "closed")
        return "an end was left for something else than closed";
      if (wasEnd && context.sequence !== earlier?.sequence) return "I4: a runtime was made after the end began";
      if (isEnd && context.end?.reason !== reason) return `in ${reason}, but the end is ${context.end?.reason}`;
      if (stage === "disposing" && stageBefore !== "disposing" && stageBefore !== "draining")
        return "I3: dispose began twice";
      if (reason === "closed" && Object.keys(context.runtimes).length > 0) return "closed with a runtime left";
      if (reason === "closed" && stageBefore !== "disposing" && stageBefore !== "leaked")
        return "I3: closed without dispose";
      const isServed = context.current !== undefined || Object.values(context.runtimes).some(({ leaked }) => !leaked);
      return stage === "live" && !isServed ? "I15: live, and no runtime comes" : undefined;
    },
  });
  expect(reached.values.size).toBe(leavesOf(sessionMachine).length + 1);
  console.info(
    `session alone: ${reached.states} states, ${reached.transitions} transitions, the nearest ${reached.isComplete ? "and only" : "only"} ones, at most 2 leases and ${runtimesAtMost} runtimes`,
  );
});
