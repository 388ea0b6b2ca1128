import type { Command } from "./commands.js";
import type { WorldPlan } from "./worlds.js";

type Example = [plan: WorldPlan, steps: Command[]];

const calm: WorldPlan = {
  servers: { a: "wellBehaved", b: "wellBehaved" },
  answerMs: 0,
  hostPlans: {},
  ledgerPlans: {},
  onLedgerFailure: "refuse",
  seed: 0,
};

/** A session on which one call was made, and which is nobody's any more. */
const calledOnce: Command[] = [
  { do: "acquire", key: "one", oneShot: false, idleTimeoutMs: 0, maxLifetimeMs: 0 },
  { do: "call", key: "one", server: "a" },
  { do: "wait", ms: 0 },
  { do: "release", key: "one" },
];

/** Lives in worlds that can be ended, which once broke a promise. */
export const endableExamples: Example[] = [
  // The kill was due at the same instant as the deadline, and came after it.
  [{ ...calm, answerMs: 2_000 }, [...calledOnce, { do: "end", key: "one", reason: "ended", deadlineMs: 0 }]],
];

/** The same in any world. */
export const anyExamples: Example[] = [
  // A tree that was born after its connection had been given up was killed, and remembered for ever.
  [
    {
      ...calm,
      hostPlans: {
        spawn: [{ hang: true }, { fail: new Error("the process host fails") }],
        look: [{}],
        signal: [{ hang: true }],
      },
    },
    [
      ...calledOnce,
      { do: "end", key: "one", reason: "ended", deadlineMs: 3_000 },
      { do: "wait", ms: 4_000 },
      { do: "wait", ms: 16_000 },
      ...calledOnce,
      { do: "end", key: "one", reason: "ended", deadlineMs: 3_000 },
      { do: "wait", ms: 4_000 },
      { do: "forget", nth: 0 },
    ],
  ],
];
