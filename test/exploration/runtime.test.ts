import type { AnyMachineSnapshot, AnyEventObject } from "xstate";
import { expect, test } from "vitest";
import { runtimeMachine, type RuntimeContext, type ServerSpec } from "../../src/machines/index.js";
import { explore } from "./reachable.js";
import { silentPort } from "./silent-port.js";

const graces = {
  connectTimeoutMs: 1,
  settleMs: 1,
  releaseMs: 1,
  inputEndedMs: 1,
  terminatingMs: 1,
  verifyMs: 1,
  drainMs: 1,
};
const restart = { initialDelayMs: 10, maxDelayMs: 10, limit: 1, withinMs: 100 };
const spec = (fingerprint: string, more: Partial<ServerSpec> = {}): ServerSpec => ({
  fingerprint,
  graces,
  required: false,
  idleTimeoutMs: 50,
  restart,
  ...more,
});

const configurations = [{ a: spec("a1") }, { a: spec("a2"), b: spec("b1", { restart: false }) }];

function eventsFor(type: string, { context }: AnyMachineSnapshot): readonly AnyEventObject[] {
  const { connections, servers } = context as RuntimeContext;
  const ids = Object.keys(connections);
  const lost = { kind: "lost" as const };
  switch (type) {
    case "":
    case "xstate.error.actor.*":
      return type === ""
        ? []
        : ids.map((id) => ({ type: `xstate.error.actor.${connections[id]?.actor}`, error: new Error("machine") }));
    case "OPEN":
      return [0, 500].map((at) => ({ type, servers: Object.keys(servers), at }));
    case "RELOAD":
      return configurations.map((configuration) => ({ type, servers: configuration }));
    case "RESTART":
    case "UNLEAKED":
      return Object.keys(servers).map((server) => ({ type, server }));
    case "CONNECTION.OPENED":
      return ids.filter((id) => connections[id]?.state === "opening").map((id) => ({ type, id, tools: [] }));
    case "CONNECTION.CLOSING":
      return ids.filter((id) => connections[id]?.state !== "leaked").map((id) => ({ type, id }));
    case "CONNECTION.LEAKED":
      return ids
        .filter((id) => connections[id]?.state === "closing")
        .flatMap((id) =>
          [true, false].map((remoteOnly) => ({ type, id, remoteOnly, wasOpen: true, failure: lost, at: 0 })),
        );
    case "xstate.done.actor.*":
      return ids
        .filter((id) => ["closing", "leaked"].includes(connections[id]?.state ?? ""))
        .flatMap((id) =>
          [
            { failure: undefined, wasOpen: true },
            { failure: lost, wasOpen: true },
            { failure: { kind: "open-failed" as const }, wasOpen: false },
          ].map((end) => ({
            type: `xstate.done.actor.${connections[id]?.actor}`,
            output: { kind: "connection", id, ...end, how: "proved", at: 0 },
          })),
        );
    case "HURRY":
      return [{ type, at: 0, deadline: 5_000 }];
    case "USED":
      return ids.map((connection) => ({ type, connection, inFlight: 0, at: 0 }));
    case "FENCE":
    case "CLOSE":
      return [{ type }];
    default:
      return ids.map((connection) => ({ type, connection, tools: [] }));
  }
}

function identity({ context }: AnyMachineSnapshot): unknown {
  const { connections, servers, fenced, leakedServers } = context as RuntimeContext;
  return [
    fenced,
    leakedServers,
    Object.values(connections)
      .map(({ server, state, remoteOnly, fingerprint }) => [server, state, remoteOnly, fingerprint])
      .map((row) => row.join())
      .toSorted((a, b) => (a < b ? -1 : 1)),
    Object.entries(servers).map(
      ([
        name,
        {
          spec: { fingerprint },
          wanted,
          backoff,
          failures,
          failure,
          tools,
          notBefore,
        },
      ]) => [name, fingerprint, wanted, backoff, failures.length, failure?.kind, tools !== undefined, notBefore],
    ),
  ];
}

test("should never have two trees of a server, open nothing after the fence, and end when told to", () => {
  const reached = explore({
    machine: runtimeMachine,
    maxStates: 600,
    input: { id: "r", servers: configurations[1], leakedServers: ["a"], wanted: [], catalogue: {}, port: silentPort },
    eventsFor,
    identity,
    wrong: ({ status, context, value }, before) => {
      if (status === "error") return "an action or guard threw";
      const { connections, sequence, servers, leakedServers, fenced } = context as RuntimeContext;
      const held = Object.values(connections)
        .filter(({ state, remoteOnly }) => state !== "leaked" || !remoteOnly)
        .map(({ server }) => server);
      if (new Set(held).size < held.length) return "I11: two trees of a server";
      const earlier = before?.context as RuntimeContext | undefined;
      if (earlier?.fenced && sequence > earlier.sequence) return "I4: an open started after the fence";
      if (status === "done" && Object.keys(connections).length > 0) return "ended with a connection left";
      const forgotten = Object.entries(servers).find(
        ([name, { wanted, backoff }]) => wanted && !backoff && !held.includes(name) && !leakedServers.includes(name),
      );
      return value === "running" && !fenced && forgotten
        ? `I15: ${forgotten[0]} is wanted, and nothing will start it`
        : undefined;
    },
  });
  expect(reached.values).toEqual(new Set(['"running"', '"ending"', '"ended"']));
  console.info(
    `runtime alone, two servers: ${reached.states} states, ${reached.transitions} transitions; ${reached.isComplete ? "all" : "the nearest"} ones`,
  );
});
