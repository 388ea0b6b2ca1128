import type { LifecycleOptions } from "../../../src/index.js";

/** Short enough for hundreds of ends; what a server needs more of, its row says. In milliseconds. */
export const shortGraces = {
  connectTimeoutMs: 30_000,
  settleMs: 300,
  releaseMs: 2_000,
  inputEndedMs: 150,
  terminatingMs: 150,
  verifyMs: 10_000,
  restart: false,
} as const satisfies LifecycleOptions;

export const drainMs = 150;

/** What the looks between the graces take, and timers that fire late. */
const slackMs = 1_000;

/** The longest that an end with these graces may take, in milliseconds: their sum, and not a second one of any of them. */
export function longestEndMs(lifecycle: LifecycleOptions): number {
  const { settleMs, releaseMs, inputEndedMs, terminatingMs, verifyMs } = { ...shortGraces, ...lifecycle };
  const graces = [drainMs, settleMs, releaseMs, inputEndedMs, terminatingMs, verifyMs];
  return graces.reduce<number>((sum, grace) => sum + (grace ?? 0), slackMs);
}
