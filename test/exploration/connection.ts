import type { AnyEventObject, AnyMachineSnapshot } from "xstate";
import { connectionMachine, type ConnectionContext, type Evidence } from "../../src/machines/index.js";
import type { Exploration } from "./exploration.js";
import { millisecondGraces } from "./millisecond-graces.js";
import type { Moment } from "./pure-steps.js";
import { explore } from "./reachable.js";
import { silentPort } from "./silent-port.js";

/** A connection alone, until nothing new is reached. */
export function exploreConnection(): Exploration {
  return explore({
    what: "connection alone",
    bound: "nothing capped",
    machine: connectionMachine,
    inputs: [true, false].flatMap((hasGoodbye) =>
      [undefined, 1].map((afterCloseMs) => ({
        id: "c",
        server: "files",
        graces: { ...graces, afterCloseMs },
        hasGoodbye,
        port: silentPort,
      })),
    ),
    eventsFor,
    identity,
    wrong,
    statesAtMost: 20_000,
    isEnding: (snapshot) => snapshot.matches("closing"),
  });
}

const graces = { ...millisecondGraces, verifyMs: 1_000 };

const evidence = [
  { at: 1, empty: true, onlyRemoteLeft: false },
  { at: 1, empty: false, onlyRemoteLeft: true },
  { at: 1, empty: false, onlyRemoteLeft: false },
];

const timers = ["KILL_BY", "DEADLINE"];

function eventsFor(type: string): readonly AnyEventObject[] {
  if (timers.includes(type)) return [];
  if (type === "LOST") return ["c", "older"].map((attempt) => ({ type, attempt }));
  if (type === "HURRY") return [3_000, 9_000].map((deadline) => ({ type, at: 0, deadline }));
  if (type === "xstate.done.actor.open") return [{ type, output: { tools: [] } }];
  if (/^xstate\.done\.actor\.(afterClose|stopAfterClose)$/.test(type)) return [{ type, output: { at: 2 } }];
  if (/^xstate\.done\.actor\.(endInput|terminate|look)$/.test(type))
    return evidence.map((output) => ({ type, output }));
  return [{ type }];
}

function identity({ snapshot, timers: armed }: Moment): unknown {
  const {
    graces: given,
    hasGoodbye,
    wasOpen,
    failure,
    deadline,
    late,
    goodbyeSaid,
    failedReleases,
    kills,
    leakedOnce,
    how,
  } = snapshot.context as ConnectionContext;
  // Five goodbyes decide something, kills only lengthen a pause.
  return [
    given.afterCloseMs,
    hasGoodbye,
    wasOpen,
    failure?.kind,
    deadline,
    late,
    goodbyeSaid,
    Math.min(failedReleases, 5),
    kills > 0,
    leakedOnce,
    how,
    [...armed.keys()].sort(),
  ];
}

function wrong(
  { snapshot }: Moment,
  before: Moment | undefined,
  event: AnyEventObject | undefined,
): string | undefined {
  if (event?.type === "LOST" && event["attempt"] !== "c" && snapshot.value !== before?.snapshot.value)
    return "a callback of an older attempt was obeyed";
  if (snapshot.matches("leaked") && before !== undefined && !isClosing(before.snapshot))
    return "I9: leaked without having tried to close";
  if (isProved(snapshot) && !isProved(before?.snapshot) && !isProof(event))
    return "taken for proved by an answer that found something";
  if (snapshot.matches("leaked") && isProved(before?.snapshot)) return "leaked, and proved gone";
  if (snapshot.status !== "done") return undefined;
  const { how, at } = snapshot.output as { how: string; at: number | undefined };
  if (how === "forgotten") {
    if (isProved(before?.snapshot)) return "forgotten, and proved gone";
    const { leakedOnce } = (before?.snapshot.context ?? {}) as Partial<ConnectionContext>;
    return leakedOnce ? undefined : "forgotten, but never leaked";
  }
  if (how === "proved" && !isProof(event) && !isProved(before?.snapshot))
    return "closed as proved by an answer that found something";
  return at === undefined ? `closed as ${how} without evidence` : undefined;
}

function isProof(event: AnyEventObject | undefined): boolean {
  return (event?.["output"] as Partial<Evidence> | undefined)?.empty === true;
}

function isProved(snapshot: AnyMachineSnapshot | undefined): boolean {
  return snapshot?.matches({ closing: "afterClose" }) ?? false;
}

function isClosing(snapshot: AnyMachineSnapshot): boolean {
  return snapshot.matches("closing") || snapshot.matches("leaked");
}
