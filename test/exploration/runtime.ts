import type { AnyEventObject, AnyMachineSnapshot } from "xstate";
import { runtimeMachine, type RuntimeContext, type ServerSpec } from "../../src/machines/index.js";
import type { Exploration } from "./exploration.js";
import { millisecondGraces } from "./millisecond-graces.js";
import type { Moment } from "./pure-steps.js";
import { explore } from "./reachable.js";
import { silentPort } from "./silent-port.js";

const connectionsAtMost = 2;
const restart = { initialDelayMs: 10, maxDelayMs: 10, limit: 1, withinMs: 100 };
const spec = (fingerprint: string, more: Partial<ServerSpec> = {}): ServerSpec => ({
  fingerprint,
  graces: millisecondGraces,
  hasGoodbye: true,
  required: false,
  idleTimeoutMs: 50,
  restart,
  ...more,
});

type Configuration = Readonly<Record<string, ServerSpec>>;

/** One server, under two configurations that replace each other, and with all that can go wrong. */
export function exploreRuntime(): Exploration {
  const configurations = [{ a: spec("a1") }, { a: spec("a2", { restart: false }) }, {}];
  return exploreRuntimeOf("one server, three configurations", configurations);
}

/** Two servers that do not change: what one does must not touch the other. */
export function exploreRuntimeOfTwo(): Exploration {
  return exploreRuntimeOf("two servers", [
    { a: spec("a1", { idleTimeoutMs: 0, restart: false }), b: spec("b1", { idleTimeoutMs: 0, restart: false }) },
  ]);
}

function exploreRuntimeOf(which: string, configurations: readonly Configuration[]): Exploration {
  const input = { id: "r", servers: configurations[0], wanted: [], catalogue: {}, port: silentPort };
  return explore({
    what: `runtime alone, ${which}`,
    bound: `at most ${connectionsAtMost} connections at once`,
    machine: runtimeMachine,
    inputs: [[], ["a"]].map((leakedServers) => ({ ...input, leakedServers })),
    eventsFor: (type, snapshot) =>
      type === "RELOAD" ? configurations.map((servers) => ({ type, servers })) : eventsFor(type, snapshot),
    identity,
    wrong,
    isBeyond: ({ context }) => Object.keys((context as RuntimeContext).connections).length > connectionsAtMost,
    statesAtMost: 12_000,
    // It owns no timer on its way out: each of its connections has its own.
    isEnding: () => false,
  });
}

function eventsFor(type: string, { context }: AnyMachineSnapshot): readonly AnyEventObject[] {
  const { connections, servers } = context as RuntimeContext;
  const ids = Object.keys(connections);
  const lost = { kind: "lost" as const };
  switch (type) {
    case "RESTART":
    case "SERVER_IDLE":
      return [];
    case "xstate.error.actor.*":
      return ids.map((id) => ({ type: `xstate.error.actor.${connections[id]?.actor}`, error: new Error("machine") }));
    case "OPEN":
      return [0, 500].map((at) => ({ type, servers: Object.keys(servers), at }));
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
    case "TOOLS":
      return ids.map((connection) => ({ type, connection, tools: [] }));
    default:
      // Fences and closes; or handed on to a connection, and of those one is as good as another.
      return [{ type, connection: ids[0] ?? "" }];
  }
}

function identity({ snapshot, timers }: Moment): unknown {
  const { connections, servers, fenced, leakedServers } = snapshot.context as RuntimeContext;
  return [
    fenced,
    leakedServers,
    Object.values(connections)
      .map(({ id, server, state, remoteOnly, fingerprint }) =>
        [server, state, remoteOnly, fingerprint, timers.has(`idle:${id}`)].join(),
      )
      .toSorted((a, b) => (a < b ? -1 : 1)),
    Object.entries(servers).map(([name, { spec: of, wanted, backoff, failures, failure, tools, notBefore }]) => [
      name,
      of.fingerprint,
      wanted,
      backoff,
      // More failures than the limit allows are as good as one more.
      Math.min(failures.length, restart.limit + 1),
      failure?.kind,
      tools !== undefined,
      // Asked for either before or long after any back-off.
      notBefore > 0,
      timers.has(`restart:${name}`),
    ]),
  ];
}

function wrong({ snapshot, timers }: Moment, before: Moment | undefined): string | undefined {
  const { status, value } = snapshot;
  const { connections, sequence, servers, leakedServers, fenced } = snapshot.context as RuntimeContext;
  const held = Object.values(connections)
    .filter(({ state, remoteOnly }) => state !== "leaked" || !remoteOnly)
    .map(({ server }) => server);
  if (new Set(held).size < held.length) return "I11: two trees of a server";
  const earlier = before?.snapshot.context as RuntimeContext | undefined;
  if (earlier?.fenced && sequence > earlier.sequence) return "I4: an open started after the fence";
  if (status === "done" && Object.keys(connections).length > 0) return "ended with a connection left";
  if (value !== "running" || fenced) return undefined;
  for (const [name, { wanted, backoff }] of Object.entries(servers)) {
    if (!wanted || held.includes(name) || leakedServers.includes(name)) continue;
    if (!backoff) return `I15: ${name} is wanted, and nothing will start it`;
    if (!timers.has(`restart:${name}`)) return `I15: ${name} is in back-off, and no timer will end it`;
  }
  return undefined;
}
