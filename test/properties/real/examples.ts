import type { Command } from "./commands.js";
import type { WorldPlan } from "./worlds.js";

/** Loads what the others need, which on a busy machine takes longer than some deadlines. */
export const firstLife: [WorldPlan, Command[]] = [
  {
    servers: { a: "well-behaved", b: "a Streamable HTTP server" },
    opensSlowly: false,
    isPatient: false,
    restarts: false,
  },
  [
    { do: "acquire", key: "one", oneShot: false, idleTimeoutMs: 0, maxLifetimeMs: 0 },
    { do: "open", key: "one", server: "a" },
    { do: "open", key: "one", server: "b" },
    { do: "settle", what: "openings" },
  ],
];

/** Every life that ever failed, as small as it was found. */
export const examples: [WorldPlan, Command[]][] = [];
