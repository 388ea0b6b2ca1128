import type { Defect } from "../defect.js";

const property = {
  file: "test/properties/supervisor.test.ts",
  title: "should close everything in a world that can be ended",
};
/** Of the way a connection closes. */
export const closingDefects: readonly Defect[] = [
  {
    id: "verify-skipped",
    what: "SIGKILL counts as proof",
    file: "src/machines/connection.ts",
    find: `                src: "kill",
                input: fromContext,
                onDone: { target: "verifying" },`,
    replace: `                src: "kill",
                input: fromContext,
                onDone: { target: "#connection.closed" },`,
    caughtBy: property,
  },
  {
    id: "action-throws",
    what: "an action of the closing throws",
    file: "src/machines/connection-setup.ts",
    find: "abortCalls: ({ context }) => context.port.abortCalls(context.id),",
    replace: "abortCalls: ({ context }) => { throw new Error(`injected into ${context.id}`); },",
    caughtBy: property,
  },
  {
    id: "connect-deadline-missing",
    what: "an opening has no deadline",
    file: "src/machines/connection.ts",
    find: 'after: { connectTimeout: { target: "closing", actions: "rememberConnectTimeout" } },',
    replace: "",
    caughtBy: { file: "test/machines/structure.test.ts", title: "should have a bound on every state that waits" },
  },
  {
    id: "close-event-trusted",
    what: "the exit of the leader counts as the end of its tree",
    file: "src/supervisor/closing-steps.ts",
    find: "empty: record.settled && found.empty,",
    replace: "empty: record.settled && (found.empty || found.exit !== undefined),",
    caughtBy: property,
  },
  {
    id: "group-without-cookie",
    what: "trees are started without their cookie",
    file: "src/processes/spawn-leader.ts",
    find: 'env: { ...env, [cookie]: "1" },',
    replace: "env,",
    caughtBy: { file: "test/scenarios/LP-29.test.ts" },
  },
];
