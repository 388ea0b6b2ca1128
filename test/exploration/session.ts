import type { AnyEventObject, AnyMachineSnapshot } from "xstate";
import { actorOf, endReasons, type SessionContext, sessionMachine } from "../../src/machines/index.js";
import type { Exploration } from "./exploration.js";
import type { Moment } from "./pure-steps.js";
import { explore } from "./reachable.js";
import { silentPort } from "./silent-port.js";

const leasesAtMost = 2;
const runtimesAtMost = 2;

/** A session over runtimes that do whatever they like. */
export function exploreSession(): Exploration {
  return explore({
    what: "session alone",
    bound: `at most ${leasesAtMost} leases, ${runtimesAtMost} runtimes at once`,
    machine: sessionMachine,
    inputs: [true, false].map((oneShot) => ({ id: "s", servers: {}, timings, oneShot, port: silentPort })),
    eventsFor,
    identity,
    wrong,
    isBeyond: ({ context }) => Object.keys((context as SessionContext).runtimes).length > runtimesAtMost,
    statesAtMost: 1_500,
    isEnding: (snapshot) => snapshot.hasTag("terminal") && !snapshot.hasTag("leaked"),
  });
}

const timings = { drainMs: 1, idleTimeoutMs: 100, maxLifetimeMs: 1_000, requiredRetireMs: 10 };

const timers = ["IDLE", "LIFETIME", "KILL_BY", "DEADLINE"];

function eventsFor(type: string, { context }: AnyMachineSnapshot): readonly AnyEventObject[] {
  const { leases, runtimes } = context as SessionContext;
  const ids = Object.keys(runtimes);
  if (timers.includes(type)) return [];
  switch (type) {
    case "ACQUIRE":
      // Leases and runtimes are counted; two of each meet every rule there is about them.
      return leases.length < leasesAtMost ? [{ type, lease: leases.includes("l1") ? "l2" : "l1", at: 0 }] : [];
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
      return ids.map((id) => ({ type, id, servers: ["a"] }));
    case "xstate.done.actor.*":
      return ids.map((id) => ({
        type: `xstate.done.actor.${actorOf(id)}`,
        output: { kind: "runtime", id, catalogue: {} },
      }));
    case "xstate.error.actor.*":
      return ids.map((id) => ({ type: `xstate.error.actor.${actorOf(id)}`, error: new Error("machine") }));
    case "xstate.done.actor.dispose":
      return ["gone", "leaked"].map((output) => ({ type, output }));
    case "OPEN":
      return [{ type, servers: ["a"], at: 0 }];
    case "RUNTIME.REQUIRED_FAILED":
      return [{ type, server: "a", failure: { kind: "open-failed" } }];
    case "RELOAD":
      return [{ type, servers: {} }];
    default:
      return [{ type }];
  }
}

function identity({ snapshot, timers: armed }: Moment): unknown {
  const {
    oneShot,
    leases,
    lifetimeIsOver,
    callsInFlight,
    retirement,
    current,
    runtimes,
    wanted,
    end,
    budget,
    disposal,
    isGone,
  } = snapshot.context as SessionContext;
  const states = Object.values(runtimes).map(({ leaked, id }) => [leaked, id === current]);
  const clock = [...armed.keys()].sort();
  // What only decides whether and how an end begins is not read any more once it has begun.
  if (end) return [states, end.reason, budget?.deadline, disposal, isGone, clock];
  return [oneShot, leases.length, lifetimeIsOver, callsInFlight > 0, retirement?.reason, states, wanted, clock];
}

function wrong({ snapshot, touched }: Moment, before: Moment | undefined): string | undefined {
  const context = snapshot.context as SessionContext;
  const earlier = before?.snapshot.context as SessionContext | undefined;
  const [reason, stage] = stateOf(snapshot);
  const [reasonBefore, stageBefore] = stateOf(before?.snapshot);
  const isEnd = endReasons.some((each) => each === reason);
  const wasEnd = endReasons.some((each) => each === reasonBefore);
  if (wasEnd && reason !== reasonBefore && reason !== "closed") return "an end was left for something else than closed";
  if (wasEnd && context.sequence !== earlier?.sequence) return "I4: a runtime was made after the end began";
  if (isEnd && context.end?.reason !== reason) return `in ${reason}, but the end is ${context.end?.reason}`;
  const isDisposedAgain = stageBefore === "disposing" ? isTimerOf(touched, "disposing") : stageBefore !== "draining";
  if (wasEnd && stage === "disposing" && isDisposedAgain) return "I3: dispose began twice";
  if (reason === "closed" && Object.keys(context.runtimes).length > 0) return "closed with a runtime left";
  if (reason === "closed" && stageBefore !== "disposing" && stageBefore !== "leaked")
    return "I3: closed without dispose";
  if (stage === "leaked" && context.isGone && Object.keys(context.runtimes).length === 0)
    return "I14: leaked, and custody has said that nothing is left";
  const isServed = context.current !== undefined || Object.values(context.runtimes).some(({ leaked }) => !leaked);
  return stage === "live" && !isServed ? "I15: live, and no runtime comes" : undefined;
}

/** Whether a step entered a state, and so armed its limit (again). */
function isTimerOf(touched: ReadonlySet<string>, state: string): boolean {
  return [...touched].some((id) => id.startsWith("xstate.after.") && id.endsWith(`.${state}`));
}

/** The first two parts of the state's path. */
function stateOf(snapshot: AnyMachineSnapshot | undefined): readonly string[] {
  const value: unknown = snapshot?.value;
  if (typeof value !== "object" || value === null) return [String(value)];
  const [[state, child] = ["", ""]] = Object.entries(value);
  return [state, typeof child === "string" ? child : (Object.keys(child as object)[0] ?? "")];
}
