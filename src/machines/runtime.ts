import { initialRuntime, runtimeOutput } from "./runtime-context.js";
import { runtimeSetup } from "./runtime-setup.js";

/**
 * All connections of one session, from its first use to its sleep or end. It ends only when told to: with no connection left it
 * is a live runtime with failures in its catalogue. Connections are spawned, never invoked (design rule 3).
 */
export const runtimeMachine = runtimeSetup.createMachine({
  id: "runtime",
  description: "Opens servers on first use, one connection each; replaces, reopens and closes them.",
  context: initialRuntime,
  output: runtimeOutput,
  on: {
    "CONNECTION.OPENED": { actions: ["rememberOpened", "armIdle"] },
    "CONNECTION.CLOSING": { actions: ["disarmIdle", "rememberClosing"] },
    "CONNECTION.LEAKED": { actions: ["rememberLeaked", "armRestarts", "startWanted", "tellRequiredFailed"] },
    "xstate.done.actor.*": { actions: ["collect", "armRestarts", "startWanted", "tellRequiredFailed"] },
    "xstate.error.actor.*": { actions: "collectFailed" },
    HURRY: { actions: "hurryAll" },
    LOST: { actions: "tellConnection" },
    RETRY: { actions: "tellConnection" },
    FORGET: { actions: "tellConnection" },
    UNLEAKED: { actions: ["unleak", "startWanted"] },
  },
  initial: "running",
  states: {
    running: {
      description: "Servers are opened as they are asked for. After FENCE nothing opens any more; what is open stays.",
      tags: ["owns-transport"],
      entry: "startWanted",
      on: {
        OPEN: { actions: ["wantServers", "startWanted"] },
        RELOAD: { actions: ["replaceServers", "startWanted"] },
        TOOLS: { actions: "rememberTools" },
        USED: { actions: "armIdle" },
        RESTART: { actions: ["backOffIsOver", "startWanted"] },
        SERVER_IDLE: { actions: "drainIdle" },
        FENCE: { actions: ["fence", "cancelRestarts", "closeOpening"] },
        CLOSE: { target: "ending", actions: ["fence", "cancelRestarts", "closeAll"] },
      },
    },
    ending: {
      description: "Every connection was told to close; all of them in parallel.",
      tags: ["owns-transport"],
      entry: "tellLeaked",
      always: { guard: "hasNoConnection", target: "ended" },
      on: {
        "CONNECTION.LEAKED": { actions: ["rememberLeaked", "tellLeaked"] },
        "xstate.done.actor.*": { actions: ["collect", "tellLeaked"] },
      },
    },
    ended: {
      description: "No connection is left.",
      type: "final",
    },
  },
});
