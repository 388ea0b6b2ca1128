import type { ConnectionGraces } from "../../src/machines/index.js";

/** For who takes a machine's steps without a clock: each grace is there, and none is longer than another. */
export const millisecondGraces: ConnectionGraces = {
  connectTimeoutMs: 1,
  settleMs: 1,
  releaseMs: 1,
  inputEndedMs: 1,
  terminatingMs: 1,
  verifyMs: 1,
  drainMs: 1,
};
