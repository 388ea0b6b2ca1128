import { performance } from "node:perf_hooks";
import type { Clock } from "./clock.js";

/** Real time: milliseconds since the epoch as of the start of this process, monotonic from there. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  setUnrefTimeout: (callback, delayMs) => setTimeout(callback, delayMs).unref(),
  clearTimeout: (timer) => clearTimeout(timer as NodeJS.Timeout | undefined),
};
