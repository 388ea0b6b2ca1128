import { connectionSetup } from "./connection-setup.js";
import { fromContext } from "./mappers.js";

/** The last of a closing, entered by proof only: nothing in here can take the proof back, and the deadline ends it as closed. */
export const afterCloseState = connectionSetup.createStateConfig({
  description: "Proved gone: the host's command for that case, where there is one. Whatever it does, the proof stands.",
  entry: "rememberProof",
  always: { guard: "hasNoAfterClose", target: "#connection.closed" },
  on: {
    DEADLINE: { target: "#connection.closed" },
    // There is nothing left to give up.
    FORGET: {},
  },
  initial: "running",
  states: {
    running: {
      description: "The command runs, within its limit and its share of the deadline.",
      invoke: {
        id: "afterClose",
        src: "afterClose",
        input: fromContext,
        onDone: { target: "#connection.closed" },
        onError: { target: "stopping" },
      },
      after: { afterCloseLimit: { target: "stopping" } },
      on: { KILL_BY: { target: "stopping" } },
    },
    stopping: {
      description: "It took too long: SIGKILL and look, until nothing of the command is left.",
      invoke: {
        id: "stopAfterClose",
        src: "stopAfterClose",
        input: fromContext,
        onDone: { target: "#connection.closed" },
        onError: { target: "#connection.closed" },
      },
      after: { verifyLimit: { target: "#connection.closed" } },
    },
  },
});
