/** An event that a state does nothing with, on purpose. States are paths; one that has children stands for all of them. */
export interface IgnoredEvent {
  readonly event: string;
  readonly states: readonly string[];
  readonly why: string;
}

const terminal = ["ended", "reset", "timedOut", "errored"];

/**
 * XState drops an event that no state handles, without a word. Here is every case in which that is right; a test compares this with the
 * machines in both directions, and the diagrams print it.
 */
export const ignoredEvents: Readonly<Record<"session" | "runtime" | "connection", readonly IgnoredEvent[]>> = {
  session: [
    {
      event: "ACQUIRE",
      states: ["active.live.retiring.required", ...terminal],
      why: "refused: acquire() sends it, finds no lease in the snapshot, and rejects with SessionEndedError",
    },
    {
      event: "OPEN",
      states: ["active.dormant", "active.asleep", ...terminal],
      why: "only a lease asks for a server; without one, or after the end began, whoever waits is refused by the snapshot",
    },
    {
      event: "USED",
      states: [
        "active.dormant",
        "active.asleep",
        ...terminal.flatMap((state) => [`${state}.disposing`, `${state}.proven`, `${state}.leaked`]),
      ],
      why: "a call that ends while its runtime is being closed moves no idle deadline; there is none",
    },
    {
      event: "TOOLS",
      states: ["active.dormant", "active.asleep", ...terminal],
      why: "the connection it came from is closing; the catalogue it had is kept",
    },
    {
      event: "SLEEP",
      states: ["active.dormant", "active.live.busy", "active.live.retiring", "active.asleep", ...terminal],
      why: "sleep is taken when idle only; session.sleep() answers with the state it was refused in",
    },
    {
      event: "RETIRE",
      states: ["active.live.retiring.required", ...terminal],
      why: "a required retirement is not weakened and the first one counts; an end outranks it",
    },
    { event: "RELOAD", states: terminal, why: "nothing opens any more" },
    {
      event: "IDLE",
      states: ["active.dormant", "active.live.busy", "active.live.retiring", "active.asleep", ...terminal],
      why: "cancelled on leaving idle; one that was in the queue already is void",
    },
    {
      event: "GONE",
      states: ["active", ...terminal.flatMap((state) => [`${state}.draining`, `${state}.proven`])],
      why: "an end that has nothing to dispose of disposes all the same; proven is where it would lead",
    },
    { event: "LIFETIME", states: terminal, why: "cancelled on leaving active; the end under way is as good" },
    {
      event: "KILL_BY",
      states: ["active", ...terminal.flatMap((state) => [`${state}.disposing`, `${state}.proven`, `${state}.leaked`])],
      why: "belongs to an end; after draining, each connection has its own",
    },
    {
      event: "DEADLINE",
      states: ["active", ...terminal.flatMap((state) => [`${state}.draining`, `${state}.proven`, `${state}.leaked`])],
      why: "draining is over before it, at KILL_BY; proven and leaked are what it would lead to",
    },
    {
      event: "RUNTIME.REQUIRED_FAILED",
      states: terminal,
      why: "the end that began first counts",
    },
  ],
  runtime: [
    { event: "OPEN", states: ["ending"], why: "fenced: nothing opens for a session whose end began (I4)" },
    { event: "RELOAD", states: ["ending"], why: "fenced" },
    { event: "TOOLS", states: ["ending"], why: "the catalogue of a runtime that ends is kept as it was" },
    { event: "USED", states: ["ending"], why: "every connection is closing already" },
    { event: "RESTART", states: ["ending"], why: "cancelled by the fence; one in the queue already is void" },
    { event: "SERVER_IDLE", states: ["ending"], why: "every connection is closing already" },
    { event: "FENCE", states: ["ending"], why: "stands since CLOSE" },
    {
      event: "CLOSE",
      states: ["ending"],
      why: "every connection was told; a second CLOSE would tell them nothing new",
    },
  ],
  connection: [
    { event: "CLOSE", states: ["closing", "leaked"], why: "joined: the closing is under way, or over and retried" },
    { event: "DRAIN", states: ["draining", "closing", "leaked"], why: "it drains, or it is beyond draining" },
    {
      event: "LOST",
      states: ["closing", "leaked"],
      why: "being ended already; the death of the leader proves nothing about the tree",
    },
    {
      event: "RETRY",
      states: ["opening", "open", "draining", "closing"],
      why: "only a leak is retried; a closing tries already",
    },
    { event: "FORGET", states: ["opening", "open", "draining"], why: "only a leak can be given up" },
    {
      event: "DEADLINE",
      states: ["opening", "open", "draining", "leaked"],
      why: "KILL_BY came before it and made the closing late from its first instant; leaked is where it would lead",
    },
  ],
};
