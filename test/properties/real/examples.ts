import type { Command } from "./commands.js";
import type { WorldPlan } from "./worlds.js";

/** Loads what the others need, which on a busy machine takes longer than some deadlines. */
export const firstLife: [WorldPlan, Command[]] = [
  {
    servers: { a: "well-behaved", b: "a Streamable HTTP server" },
    opensSlowly: false,
    isPatient: false,
    restarts: false,
    containment: "auto",
  },
  [
    acquire("one"),
    { do: "open", key: "one", server: "a" },
    { do: "open", key: "one", server: "b" },
    { do: "settle", what: "openings" },
  ],
];

/** Every life that ever failed, here or with a deliberate defect, as small as it was found. */
export const examples: [WorldPlan, Command[]][] = [
  // With deadlines of 3 s: the goodbye of an interrupted opening needs more of it than an idle machine tells.
  [
    {
      servers: { a: "ignores-eof", b: "a Streamable HTTP server" },
      opensSlowly: false,
      isPatient: true,
      restarts: true,
      containment: "auto",
    },
    [
      acquire("one"),
      { do: "open", key: "one", server: "b" },
      { do: "pass", microtasks: 4, ms: 44 },
      { do: "end", key: "one", reason: "reset", deadlineMs: 5_000 },
      acquire("two"),
      { do: "open", key: "two", server: "a" },
      { do: "settle", what: "openings" },
      { do: "hang", key: "two", server: "a" },
      { do: "open", key: "two", server: "b" },
      { do: "settle", what: "openings" },
      { do: "crash", nth: 3 },
    ],
  ],
  // Where the exit of the leader was taken for the end of its tree.
  [
    {
      servers: { a: "helper-holds-stderr", b: "helper-zombie" },
      opensSlowly: false,
      isPatient: false,
      restarts: false,
      containment: "auto",
    },
    [
      acquire("one"),
      { do: "open", key: "one", server: "a" },
      { do: "settle", what: "openings" },
      { do: "crash", nth: 0 },
      { do: "sleep", key: "one" },
    ],
  ],
  // Where whoever had left the leader's group was not killed.
  [
    {
      servers: { a: "a Streamable HTTP server", b: "helpers-all" },
      opensSlowly: false,
      isPatient: false,
      restarts: false,
      containment: "auto",
    },
    [
      acquire("one"),
      { do: "open", key: "one", server: "b" },
      { do: "settle", what: "openings" },
      { do: "crash", nth: 0 },
    ],
  ],
];

function acquire(key: "one" | "two"): Command {
  return { do: "acquire", key, oneShot: false, idleTimeoutMs: 0, maxLifetimeMs: 0 };
}
