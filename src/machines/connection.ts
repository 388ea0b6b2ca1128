import { afterCloseState } from "./after-close-state.js";
import { connectionOutput, connectionSetup, initialConnection } from "./connection-setup.js";
import { fromContext } from "./mappers.js";

/** What a look found decides alike in every state that looks; where something is left that a signal can end, the state says who comes next. */
const judged = [
  { guard: "isEmpty", target: "#connection.closing.afterClose" },
  { guard: "isGivenUpRemotely", target: "#connection.closed", actions: "rememberUnconfirmed" },
  { guard: "isOnlyRemoteLeft", target: "#connection.leaked", actions: "countFailedRelease" },
] as const;

/**
 * One transport, for one life. Every way out of `opening` and `open` leads through `closing`, and `closed` is reached only by
 * evidence that nothing is left (design rules 1, 3 and 6). `leaked` is a state that an operator sees and a retry leaves.
 */
export const connectionMachine = connectionSetup.createMachine({
  id: "connection",
  description:
    "One MCP client with its transport and, for stdio, its process tree. Never reused, never restarted in place.",
  context: initialConnection,
  output: connectionOutput,
  on: {
    HURRY: { actions: ["tightenDeadline", "armBudget"] },
    KILL_BY: { actions: "rememberLate" },
  },
  initial: "opening",
  states: {
    opening: {
      description: "Spawn, initialize and list, under one deadline.",
      tags: ["owns-transport"],
      invoke: {
        id: "open",
        src: "open",
        input: fromContext,
        onDone: { target: "open", actions: ["rememberOpened", "tellOpened"] },
        onError: { target: "closing.releasing", actions: "rememberOpenFailure" },
      },
      after: { connectTimeout: { target: "closing", actions: "rememberConnectTimeout" } },
      on: {
        CLOSE: { target: "closing" },
        DRAIN: { target: "closing" },
        LOST: { guard: "isThisAttempt", target: "closing", actions: "rememberLoss" },
      },
    },
    open: {
      description: "Calls may be made.",
      tags: ["owns-transport", "usable"],
      on: {
        CLOSE: { target: "closing.releasing" },
        DRAIN: { target: "draining" },
        LOST: { guard: "isThisAttempt", target: "closing.releasing", actions: "rememberLoss" },
      },
    },
    draining: {
      description:
        "Replaced or idle: its calls finish, new ones are refused. An end of the session has drained before.",
      tags: ["owns-transport"],
      entry: "refuseCalls",
      invoke: {
        id: "drain",
        src: "drain",
        input: fromContext,
        onDone: { target: "closing.releasing" },
        onError: { target: "closing.releasing" },
      },
      after: { drainLimit: { target: "closing.releasing" } },
      on: {
        CLOSE: { target: "closing.releasing" },
        LOST: { guard: "isThisAttempt", target: "closing.releasing", actions: "rememberLoss" },
      },
    },
    closing: {
      description:
        "Goodbye, end of input, SIGTERM, SIGKILL; each only if the one before left something, each looked at.",
      tags: ["owns-transport"],
      entry: ["refuseCalls", "abortOpen", "abortCalls", "tellClosing"],
      exit: "disarmBudget",
      on: {
        DEADLINE: { target: "leaked" },
        FORGET: { guard: "wasLeaked", target: "closed", actions: "rememberForgotten" },
      },
      initial: "settling",
      states: {
        settling: {
          description: "An open still in flight is awaited; what it produced after all is taken over.",
          always: { guard: "isLate", target: "forcing" },
          invoke: {
            id: "settle",
            src: "settle",
            input: fromContext,
            onDone: { target: "releasing" },
            onError: { target: "releasing" },
          },
          after: { settleGrace: { target: "releasing" } },
          on: { KILL_BY: { target: "forcing" } },
        },
        releasing: {
          description: "The protocol's goodbye, where there is one: HTTP DELETE under its own deadline.",
          always: [
            { guard: "isLate", target: "forcing" },
            { guard: "hasNoGoodbye", target: "inputEnded" },
          ],
          invoke: {
            id: "release",
            src: "release",
            input: fromContext,
            onDone: { target: "inputEnded", actions: "rememberGoodbye" },
            onError: { target: "inputEnded", actions: "rememberGoodbye" },
          },
          after: { releaseGrace: { target: "inputEnded", actions: "rememberGoodbye" } },
          on: { KILL_BY: { target: "forcing", actions: "rememberGoodbye" } },
        },
        inputEnded: {
          description: "End of input; waits for the empty tree, not for the leader's exit.",
          invoke: {
            id: "endInput",
            src: "endInput",
            input: fromContext,
            onDone: [...judged, { target: "terminating" }],
            onError: { target: "terminating" },
          },
          after: { inputEndedGrace: { target: "terminating" } },
          on: { KILL_BY: { target: "forcing" } },
        },
        terminating: {
          description: "SIGTERM to the tree; the same wait.",
          invoke: {
            id: "terminate",
            src: "terminate",
            input: fromContext,
            onDone: [...judged, { target: "forcing" }],
            onError: { target: "forcing" },
          },
          after: { terminatingGrace: { target: "forcing" } },
          on: { KILL_BY: { target: "forcing" } },
        },
        forcing: {
          description: "SIGKILL and look, again and again with a pause, until the tree is empty. Bounded as a whole.",
          initial: "killing",
          after: { verifyLimit: { target: "#connection.leaked" } },
          states: {
            killing: {
              description: "SIGKILL to every member proved ours.",
              entry: "countKill",
              invoke: {
                id: "kill",
                src: "kill",
                input: fromContext,
                onDone: { target: "verifying" },
                onError: { target: "verifying" },
              },
            },
            verifying: {
              description: "Group, cookie, descendants, sockets; an unsettled open counts as not empty.",
              invoke: {
                id: "look",
                src: "look",
                input: fromContext,
                onDone: [...judged, { target: "pausing" }],
                onError: { target: "pausing" },
              },
            },
            pausing: {
              description: "By the clock: a kill takes time, and a busy loop would take it from the dying.",
              after: { killPause: { target: "killing" } },
            },
          },
        },
        afterClose: afterCloseState,
      },
    },
    leaked: {
      description:
        "Could not be proved gone. Local leaks keep their slot and their server; a retry begins with the goodbye.",
      tags: ["owns-transport", "leaked"],
      entry: ["rememberLeak", "reportLeak", "tellLeaked"],
      on: {
        RETRY: { target: "closing.releasing" },
        FORGET: { target: "closed", actions: "rememberForgotten" },
      },
    },
    closed: {
      description: "Proved gone (or given up, and the receipt says so): the custody record is removed.",
      type: "final",
      entry: ["rememberProof", "removeRecord"],
    },
  },
});
