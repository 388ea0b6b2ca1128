import type { LifecycleOptions, SessionOptions } from "../../../src/index.js";

/** Long enough to be used, short enough for thousands of ends. The others are bounds that nothing should ever come to. */
export const quickGraces = {
  connectTimeoutMs: 30_000,
  settleMs: 200,
  releaseMs: 5_000,
  inputEndedMs: 80,
  terminatingMs: 80,
  verifyMs: 10_000,
} as const satisfies LifecycleOptions;

/** So long that a deadline has to shorten them. */
export const patientGraces = {
  ...quickGraces,
  inputEndedMs: 3_000,
  terminatingMs: 3_000,
} as const satisfies LifecycleOptions;

export const restarts = { initialDelayMs: 10, maxDelayMs: 40, limit: 3, withinMs: 60_000 } as const;

export const sessionOptions = { drainMs: 40, requiredRetireMs: 200 } as const satisfies SessionOptions;

/** Of an end: less than the patient graces take, and a third of it is enough to kill and to look on a machine that is busy. */
export const deadlinesMs = [5_000, 5_500] as const;

/** How late a timer of a busy machine may fire. */
export const latenessMs = 2_000;
