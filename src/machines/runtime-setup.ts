import { assign, cancel, enqueueActions, raise, setup } from "xstate";
import { connectionMachine } from "./connection.js";
import type { ConnectionOutput } from "./connection-types.js";
import { doneEvent, errorEvent, outputOf } from "./mappers.js";
import { collected, leaked, listed, opened, takenOver, unleaked, withState } from "./runtime-changes.js";
import { reconfigured, replacedBy, startable, update, want } from "./runtime-plan.js";
import { connectionOfActor, endedAt } from "./runtime-context.js";
import type { ConnectionRecord, RuntimeContext, RuntimeEvent, RuntimeInput, RuntimeOutput } from "./runtime-types.js";

/** Types, actors, guards and actions of the runtime machine, by name. */
export const runtimeSetup = setup({
  types: {
    context: {} as RuntimeContext,
    events: {} as RuntimeEvent,
    input: {} as RuntimeInput,
    output: {} as RuntimeOutput,
    tags: {} as "owns-transport",
  },
  actors: { connection: connectionMachine },
  guards: {
    hasNoConnection: ({ context }) => Object.keys(context.connections).length === 0,
  },
  actions: {
    wantServers: assign(({ context, event }) =>
      event.type === "OPEN" ? { servers: want(context, event.servers, event.at) } : {},
    ),
    backOffIsOver: assign(({ context, event }) =>
      event.type === "RESTART"
        ? { servers: update(context.servers, [event.server], (record) => ({ ...record, backoff: false })) }
        : {},
    ),
    // The one place where connections come from: whatever changed, start what is wanted and may be started.
    startWanted: enqueueActions(({ context, self, enqueue }) => {
      let { sequence } = context;
      const started: Record<string, ConnectionRecord> = {};
      for (const server of startable(context)) {
        const spec = context.servers[server]?.spec;
        if (spec === undefined) continue;
        sequence += 1;
        const id = `${context.id}/${server}.${sequence}`;
        const actor = `c${sequence}`;
        const { graces, hasGoodbye } = spec;
        enqueue.spawnChild("connection", {
          id: actor,
          input: { id, server, graces, hasGoodbye, port: context.port, parent: self },
        });
        started[id] = { id, actor, server, state: "opening", remoteOnly: false, fingerprint: spec.fingerprint };
      }
      const servers = Object.values(started).map(({ server }) => server);
      enqueue.assign({
        sequence,
        connections: { ...context.connections, ...started },
        servers: update(context.servers, servers, (record) => ({ ...record, wanted: false, failure: undefined })),
      });
    }),

    rememberOpened: assign(({ context, event }) => (event.type === "CONNECTION.OPENED" ? opened(context, event) : {})),
    rememberClosing: assign(({ context, event }) =>
      event.type === "CONNECTION.CLOSING" ? withState(context, event.id, "closing") : {},
    ),
    rememberTools: assign(({ context, event }) => (event.type === "TOOLS" ? listed(context, event) : {})),
    rememberLeaked: assign(({ context, event }) => (event.type === "CONNECTION.LEAKED" ? leaked(context, event) : {})),
    collect: enqueueActions(({ context, event, enqueue }) => {
      const connection = connectionOfActor(context, event.type.slice(doneEvent.length));
      const output = outputOf<ConnectionOutput>(event);
      if (connection === undefined || output === undefined) return;
      enqueue.stopChild(connection.actor);
      enqueue.assign(collected(context, connection, output));
    }),
    collectFailed: enqueueActions(({ context, event, enqueue }) => {
      const connection = connectionOfActor(context, event.type.slice(errorEvent.length));
      if (connection === undefined) return;
      const error = "error" in event ? event.error : undefined;
      enqueue(() => context.port.takeOver(connection.id, error));
      enqueue.stopChild(connection.actor);
      enqueue.assign(takenOver(context, connection));
    }),
    armRestarts: enqueueActions(({ context, event, enqueue }) => {
      const at = endedAt(event);
      if (at === undefined || context.fenced) return;
      for (const [server, { backoff, notBefore }] of Object.entries(context.servers)) {
        if (!backoff) continue;
        enqueue(cancel(`restart:${server}`));
        const delay = Math.max(0, notBefore - at);
        enqueue(raise({ type: "RESTART", server }, { id: `restart:${server}`, delay }));
      }
    }),
    tellRequiredFailed: enqueueActions(({ context, enqueue }) => {
      if (context.parent === undefined || context.fenced) return;
      for (const [server, { spec, failure, wanted }] of Object.entries(context.servers)) {
        if (!spec.required || failure === undefined || wanted) continue;
        enqueue.sendTo(context.parent, { type: "RUNTIME.REQUIRED_FAILED", server, failure });
      }
    }),
    /** Only once nothing else is left: what still closes holds its server as much as what leaked (I11). */
    tellLeaked: enqueueActions(({ context, enqueue }) => {
      const leaks = Object.values(context.connections);
      if (context.parent === undefined || leaks.length === 0) return;
      if (leaks.some(({ state }) => state !== "leaked")) return;
      const servers = leaks.filter(({ remoteOnly }) => !remoteOnly).map(({ server }) => server);
      enqueue.sendTo(context.parent, { type: "RUNTIME.LEAKED", id: context.id, servers });
    }),

    fence: assign({
      fenced: true,
      servers: ({ context }) =>
        update(context.servers, Object.keys(context.servers), (record) => ({
          ...record,
          wanted: false,
          backoff: false,
        })),
    }),
    cancelRestarts: enqueueActions(({ context, enqueue }) => {
      for (const server of Object.keys(context.servers)) enqueue(cancel(`restart:${server}`));
    }),
    closeOpening: enqueueActions(({ context, enqueue }) => {
      for (const { actor, state } of Object.values(context.connections)) {
        if (state === "opening") enqueue.sendTo(actor, { type: "CLOSE" });
      }
    }),
    closeAll: enqueueActions(({ context, enqueue }) => {
      for (const { actor, state } of Object.values(context.connections)) {
        if (state !== "leaked") enqueue.sendTo(actor, { type: "CLOSE" });
      }
    }),
    hurryAll: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== "HURRY") return;
      for (const { actor, state } of Object.values(context.connections)) {
        if (state !== "leaked") enqueue.sendTo(actor, event);
      }
    }),
    replaceServers: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== "RELOAD") return;
      const replaced = replacedBy(context, event.servers);
      const draining = replaced.filter(({ state }) => state === "open" || state === "opening");
      for (const { actor } of draining) enqueue.sendTo(actor, { type: "DRAIN" });
      const removed = Object.keys(context.servers).filter((server) => event.servers[server] === undefined);
      for (const server of removed) enqueue(cancel(`restart:${server}`));
      enqueue.assign({
        servers: reconfigured(context, event.servers),
        connections: {
          ...context.connections,
          ...Object.fromEntries(draining.map((each) => [each.id, { ...each, state: "draining" as const }])),
        },
      });
    }),
    armIdle: enqueueActions(({ context, event, enqueue }) => {
      const id = event.type === "USED" ? event.connection : event.type === "CONNECTION.OPENED" ? event.id : "";
      const connection = context.connections[id];
      if (connection === undefined) return;
      const idleTimeoutMs = context.servers[connection.server]?.spec.idleTimeoutMs ?? 0;
      enqueue(cancel(`idle:${id}`));
      if (idleTimeoutMs === 0 || (event.type === "USED" && event.inFlight > 0)) return;
      enqueue(raise({ type: "SERVER_IDLE", connection: id }, { id: `idle:${id}`, delay: idleTimeoutMs }));
    }),
    disarmIdle: enqueueActions(({ event, enqueue }) => {
      if (event.type === "CONNECTION.CLOSING") enqueue(cancel(`idle:${event.id}`));
    }),
    drainIdle: enqueueActions(({ context, event, enqueue }) => {
      const connection = event.type === "SERVER_IDLE" ? context.connections[event.connection] : undefined;
      if (connection?.state !== "open") return;
      enqueue.sendTo(connection.actor, { type: "DRAIN" });
      enqueue.assign(withState(context, connection.id, "draining"));
    }),
    tellConnection: enqueueActions(({ context, event, enqueue }) => {
      if (event.type !== "LOST" && event.type !== "RETRY" && event.type !== "FORGET") return;
      const actor = context.connections[event.connection]?.actor;
      if (actor === undefined) return;
      if (event.type !== "LOST") enqueue.sendTo(actor, { type: event.type });
      else enqueue.sendTo(actor, { type: "LOST", attempt: event.connection, error: event.error });
    }),
    unleak: assign(({ context, event }) => (event.type === "UNLEAKED" ? unleaked(context, event.server) : {})),
  },
});
