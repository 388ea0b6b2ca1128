import { initialSession, sessionOutput } from "./session-context.js";
import { sessionSetup } from "./session-setup.js";
import { endsIn, terminalState } from "./terminal.js";

/**
 * One generation of a session. Every end event is handled on `active` and only there; the four terminal states are the only way
 * out of it, and each disposes.
 */
export const sessionMachine = sessionSetup.createMachine({
  id: "session",
  description: "One generation of a conversation under a stable key, and the runtimes it had.",
  context: initialSession,
  output: sessionOutput,
  on: {
    "RUNTIME.LEAKED": { actions: "rememberLeak" },
    "xstate.done.actor.*": { actions: "collect" },
    "xstate.error.actor.*": { actions: "collectFailed" },
    LOST: { actions: "tellRuntime" },
    UNLEAKED: { actions: "tellRuntime" },
    RETRY: { actions: "tellRuntime" },
    FORGET: { actions: "tellRuntime" },
    RELEASE: { actions: "removeLease" },
  },
  initial: "active",
  states: {
    active: {
      description:
        "Not ended. A runtime is made at the first acquire; idle and lifetime deadlines run where configured.",
      entry: "armLifetime",
      exit: ["disarmLifetime", "disarmIdle"],
      on: {
        END: endsIn(),
        "RUNTIME.REQUIRED_FAILED": endsIn(),
        "xstate.error.actor.*": endsIn("collectFailed"),
        RELOAD: { actions: ["rememberServers", "tellCurrent"] },
        LIFETIME: endsIn(),
      },
      initial: "dormant",
      states: {
        dormant: {
          description: "No runtime; the first acquire makes one.",
          on: {
            ACQUIRE: { target: "live.busy", actions: ["addLease", "beginUse", "startRuntime"] },
            RETIRE: endsIn(),
          },
        },
        live: {
          description: "A runtime answers, or will as soon as the former one is proved gone or leaked.",
          tags: ["owns-transport"],
          on: {
            OPEN: { actions: "openServers" },
            TOOLS: { actions: "tellCurrent" },
            USED: { actions: ["rememberUse", "tellUse"] },
            "xstate.done.actor.*": { actions: ["collect", "startRuntime"] },
            "RUNTIME.LEAKED": { actions: ["rememberLeak", "startRuntime"] },
          },
          initial: "idle",
          states: {
            idle: {
              description: "No lease. The idle deadline counts from the end of the last call.",
              entry: "armIdle",
              exit: "disarmIdle",
              on: {
                ACQUIRE: { target: "busy", actions: "addLease" },
                RETIRE: endsIn(),
                IDLE: endsIn(),
                USED: { actions: ["rememberUse", "armIdle", "tellUse"] },
                SLEEP: { guard: "hasNoCall", target: "#session.active.asleep", actions: "closeCurrent" },
              },
            },
            busy: {
              description: "One lease or more. A deadline that passes meanwhile fires at the last release.",
              on: {
                ACQUIRE: { actions: "addLease" },
                RELEASE: [
                  ...endsIn("removeLease"),
                  { guard: "isLastLease", target: "idle", actions: "removeLease" },
                  { actions: "removeLease" },
                ],
                RETIRE: [
                  { guard: "isRequired", target: "retiring.required", actions: "rememberRetirement" },
                  { target: "retiring.ordinary", actions: "rememberRetirement" },
                ],
                LIFETIME: { actions: "rememberLifetime" },
              },
            },
            retiring: {
              description: "Ends at the last release.",
              on: {
                RELEASE: [...endsIn("removeLease"), { actions: "removeLease" }],
                LIFETIME: { actions: "rememberLifetime" },
              },
              initial: "ordinary",
              states: {
                ordinary: {
                  description: "An acquire cancels the retirement: somebody came back.",
                  on: {
                    ACQUIRE: { target: "#session.active.live.busy", actions: ["addLease", "forgetRetirement"] },
                    RETIRE: { guard: "isRequired", target: "required", actions: "rememberRetirement" },
                  },
                },
                required: {
                  description: "New acquires are refused; its leases have a limited time.",
                  after: { retireLimit: endsIn() },
                },
              },
            },
          },
        },
        asleep: {
          description: "The former runtime is closing or closed; its catalogue is kept.",
          tags: ["owns-transport"],
          on: {
            ACQUIRE: { target: "live.busy", actions: ["addLease", "beginUse", "startRuntime"] },
            RETIRE: endsIn(),
          },
        },
      },
    },
    ended: terminalState({ reason: "ended", description: "Over in the ordinary way: deleted, replaced, shut down." }),
    reset: terminalState({ reason: "reset", description: "Begun anew under the same key." }),
    timedOut: terminalState({ reason: "timedOut", description: "Idle too long, or too old." }),
    errored: terminalState({ reason: "errored", description: "Its run failed, or a server it requires was lost." }),
    closed: {
      description: "Everything this session ever owned is proved gone.",
      type: "final",
    },
  },
});
