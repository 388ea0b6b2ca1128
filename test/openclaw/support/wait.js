import { setTimeout as pause } from "node:timers/promises";

/** Waits for a condition. Rejects with `what()`, a sentence, after `withinMs`. */
export async function waitFor(condition, { withinMs, what }) {
  for (const deadline = performance.now() + withinMs; !condition(); await pause(50)) {
    if (performance.now() > deadline) throw new Error(`${what()} (after ${withinMs} ms)`);
  }
}

const settledMs = 4_000;
const longestMs = 20_000;

/** The value that `count` has settled at: 0 at once, another one when it has not changed for a while. */
export async function settled(count) {
  const deadline = performance.now() + longestMs;
  let value = count();
  for (let since = performance.now(); performance.now() < deadline; await pause(100)) {
    const now = count();
    if (now === 0) return 0;
    if (now !== value) since = performance.now();
    value = now;
    if (performance.now() - since > settledMs) return value;
  }
  return value;
}

/** Milliseconds until `count` is 0, or undefined if that takes longer than `withinMs`. */
export async function msUntilNone(count, { withinMs }) {
  const startedAt = performance.now();
  for (; performance.now() - startedAt < withinMs; await pause(20))
    if (count() === 0) return Math.round(performance.now() - startedAt);
  return undefined;
}
