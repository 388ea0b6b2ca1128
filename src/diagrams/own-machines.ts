import type { AnyStateMachine } from "xstate";
import { afterCloseLimitMs, type ServerMap } from "../config/index.js";
import {
  type ConnectionInput,
  connectionMachine,
  type RuntimeInput,
  runtimeMachine,
  type SessionInput,
  sessionMachine,
} from "../machines/index.js";
import { ignoredEvents } from "../machines/ignored-events.js";
import { specsOf } from "../supervisor/server-specs.js";
import { sessionDefaults } from "../supervisor/supervisor.js";
import type { DocumentedMachine } from "./documented-machine.js";
import { delayNotes, timers } from "./own-notes.js";
import { readMachine } from "./read-machine.js";

/** No actor is ever made with these: nothing is asked of their port. */
const nobody = {} as SessionInput["port"];
const plain: ServerMap = { server: { command: "server" } };
const withCommandAfter: ServerMap = {
  server: { command: "server", lifecycle: { afterClose: { command: "cleanup" } } },
};
const commandLimit = afterCloseLimitMs({ command: "cleanup" });

/** The three machines of this library with their defaults. */
export const ownMachines: readonly DocumentedMachine[] = [
  {
    machine: sessionMachine,
    input: sessionInput(plain),
    ignores: ignoredEvents.session,
    delayNotes: delayNotes.session,
    timers: timers.session,
    ends: [
      {
        title: "An end, from its first instant to `closed` or `leaked`",
        from: "ended",
        until: ["closed", "ended.leaked"],
        note: "The same in each of the four terminal states. `disposeLimit` is what its connections need together, since they close in parallel, if every port hangs; where ports answer, a connection is closed or leaked within its own limits, which are in the table of [the connection machine](connection.md#how-long-an-end-takes).",
      },
      {
        title: `The same, where a server has a command after the close (${commandLimit / 1_000} s)`,
        from: "ended",
        until: ["closed", "ended.leaked"],
        input: sessionInput(withCommandAfter),
      },
    ],
  },
  {
    machine: runtimeMachine,
    input: runtimeInput(),
    ignores: ignoredEvents.runtime,
    timers: timers.runtime,
    ends: [],
  },
  {
    machine: connectionMachine,
    input: connectionInput(plain),
    ignores: ignoredEvents.connection,
    delayNotes: delayNotes.connection,
    timers: timers.connection,
    ends: [
      {
        title: "A closing, from CLOSE to the proof or `leaked`",
        from: "closing",
        until: ["closed", "leaked", "closing.afterClose"],
        note: "No server needs all of it: `settling` waits only for an opening in flight, `releasing` is for HTTP, and the steps after the end of input are for processes.",
      },
      {
        title: `The same, where a command runs after the close (${commandLimit / 1_000} s)`,
        from: "closing",
        until: ["closed", "leaked"],
        input: connectionInput(withCommandAfter),
      },
    ],
  },
];

/**
 * A machine with what is known of the one of this library that it extends: one of the same id that has all states of it. Of any other
 * machine nothing is known but its definition.
 */
export function documentedLike(machine: AnyStateMachine): DocumentedMachine {
  const states = new Set(readMachine(machine).states.map(({ path }) => path));
  const own = ownMachines.find(
    (each) => each.machine.id === machine.id && readMachine(each.machine).states.every(({ path }) => states.has(path)),
  );
  return own === undefined ? { machine } : { ...own, machine };
}

function sessionInput(servers: ServerMap): SessionInput {
  const { drainMs } = sessionDefaults;
  return { id: "session", servers: specsOf(servers, drainMs), timings: sessionDefaults, oneShot: false, port: nobody };
}

function runtimeInput(): RuntimeInput {
  const servers = specsOf(plain, sessionDefaults.drainMs);
  return { id: "runtime", servers, leakedServers: [], wanted: [], catalogue: {}, port: nobody };
}

function connectionInput(servers: ServerMap): ConnectionInput {
  const { server } = specsOf(servers, sessionDefaults.drainMs);
  if (server === undefined) throw new RangeError("there is no server to take the graces from");
  return { id: "connection", server: "server", graces: server.graces, hasGoodbye: true, port: nobody };
}
