import type { Defect } from "../defect.js";
import { anyWorld, endableWorld, scenarioOf, supervisorTest } from "./known-tests.js";

/** Of the connections of one session. */
export const runtimeDefects: readonly Defect[] = [
  {
    id: "second-tree-of-a-server",
    what: "two first uses of a server start it twice",
    file: "src/machines/runtime-plan.ts",
    find: ".filter(([server, record]) => record.wanted && !record.backoff && !isHeld(context, server))",
    replace: ".filter(([server, record]) => record.wanted && !record.backoff && !isLeaked(context, server))",
    caughtBy: endableWorld,
  },
  {
    id: "leaked-server-started-again",
    what: "a server of which a tree leaked is started a second time",
    file: "src/machines/runtime-plan.ts",
    find: 'return isLeaked(context, server) || connectionsOf(context, server).some(({ state }) => state !== "leaked");',
    replace: 'return connectionsOf(context, server).some(({ state }) => state !== "leaked");',
    caughtBy: supervisorTest("sleep", "should not start a second tree of a server that leaked after another"),
  },
  {
    id: "opening-survives-the-fence",
    what: "an opening in flight goes on after the end began",
    file: "src/machines/runtime-setup.ts",
    find: 'if (state === "opening") enqueue.sendTo(actor, { type: "CLOSE" });',
    replace: 'if (state === "draining") enqueue.sendTo(actor, { type: "CLOSE" });',
    caughtBy: supervisorTest("ends", "should give up an opening in flight at once"),
  },
  {
    id: "one-connection-not-told-to-close",
    what: "the end closes every connection but one",
    file: "src/machines/runtime-setup.ts",
    find: `    closeAll: enqueueActions(({ context, enqueue }) => {
      for (const { actor, state } of Object.values(context.connections)) {`,
    replace: `    closeAll: enqueueActions(({ context, enqueue }) => {
      for (const { actor, state } of Object.values(context.connections).slice(1)) {`,
    caughtBy: endableWorld,
  },
  {
    id: "only-open-connections-closed",
    what: "the end closes what is open, and forgets what is opening",
    file: "src/machines/runtime-setup.ts",
    find: `    closeAll: enqueueActions(({ context, enqueue }) => {
      for (const { actor, state } of Object.values(context.connections)) {
        if (state !== "leaked")`,
    replace: `    closeAll: enqueueActions(({ context, enqueue }) => {
      for (const { actor, state } of Object.values(context.connections)) {
        if (state === "open")`,
    caughtBy: supervisorTest("sleep", "should not keep a released lease waiting"),
  },
  {
    id: "ends-when-empty",
    what: "a runtime ends when its last connection does",
    file: "src/machines/runtime.ts",
    find: '"xstate.done.actor.*": { actions: ["collect", "armRestarts", "startWanted", "tellRequiredFailed"] },',
    replace:
      '"xstate.done.actor.*": { target: ".ending", actions: ["collect", "armRestarts", "startWanted", "tellRequiredFailed"] },',
    caughtBy: endableWorld,
  },
  {
    id: "ends-with-a-connection-left",
    what: "a runtime ends although a connection is left",
    file: "src/machines/runtime-setup.ts",
    find: "hasNoConnection: ({ context }) => Object.keys(context.connections).length === 0,",
    replace:
      'hasNoConnection: ({ context }) => Object.values(context.connections).every(({ state }) => state !== "open"),',
    caughtBy: endableWorld,
  },
  {
    id: "restart-without-back-off",
    what: "a server that was lost is started again at once, and for ever",
    file: "src/machines/runtime-plan.ts",
    find: `if (!wasOpen) return { ...record, failures, notBefore, failure, wanted: false };
  return { ...record, failures, notBefore, failure, wanted: true, backoff: true };`,
    replace: `if (!wasOpen) return { ...record, failures, notBefore, failure, wanted: false };
  return { ...record, failures, notBefore, failure, wanted: true };`,
    caughtBy: supervisorTest("servers", "should be restarted with back-off"),
  },
  {
    id: "restart-without-limit",
    what: "a server that is lost again and again is started for ever",
    file: "src/machines/runtime-plan.ts",
    find: "if (failures.length > restart.limit) {",
    replace: "if (failures.length > restart.limit && failures.length < 0) {",
    caughtBy: supervisorTest("servers", "again and again should be given up"),
  },
  {
    id: "reload-forgets-what-it-removes",
    what: "a server that a reload removes is left running",
    file: "src/machines/runtime-setup.ts",
    find: 'const draining = replaced.filter(({ state }) => state === "open" || state === "opening");',
    replace:
      'const draining = replaced.filter(({ server, state }) => (state === "open" || state === "opening") && event.servers[server] !== undefined);',
    caughtBy: supervisorTest("servers", "should replace exactly what changed"),
  },
  {
    id: "reload-replaces-everything",
    what: "a reload replaces servers that did not change",
    file: "src/machines/runtime-plan.ts",
    find: 'state !== "leaked" && servers[server]?.fingerprint !== context.servers[server]?.spec.fingerprint,',
    replace: 'state !== "leaked" && servers[server] !== context.servers[server]?.spec,',
    caughtBy: supervisorTest("servers", "should replace exactly what changed"),
  },
  {
    id: "loss-of-a-predecessor",
    what: "the loss of a connection is taken for the loss of the one that runs now",
    file: "src/machines/runtime-setup.ts",
    find: `const actor = context.connections[event.connection]?.actor;
      if (actor === undefined) return;
      if (event.type !== "LOST") enqueue.sendTo(actor, { type: event.type });
      else enqueue.sendTo(actor, { type: "LOST", attempt: event.connection, error: event.error });`,
    replace: `const { actor, id } = Object.values(context.connections).at(-1) ?? {};
      if (actor === undefined || id === undefined) return;
      if (event.type !== "LOST") enqueue.sendTo(actor, { type: event.type });
      else enqueue.sendTo(actor, { type: "LOST", attempt: id, error: event.error });`,
    caughtBy: anyWorld,
  },
  {
    id: "actor-names-for-one-life",
    what: "connection actors are named after their life: XState remembers each type of their done events for ever",
    file: "src/machines/runtime-setup.ts",
    find: "const actor = `c${sequence}`;",
    replace: "const actor = `c${id}`;",
    caughtBy: scenarioOf("LP-55", "closed sessions leave no timer, no record and no type of event"),
  },
];
