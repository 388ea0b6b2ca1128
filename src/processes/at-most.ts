import type { Clock, TimerHandle } from "../ports/clock.js";

/** Waits for `work`, but no longer than `limitMs`. Never rejects; who needs to know how the work went looks at it himself. */
export async function atMost(work: Promise<unknown>, limitMs: number, clock: Clock): Promise<void> {
  let timer: TimerHandle;
  const limit = new Promise<void>((resolve) => (timer = clock.setTimeout(resolve, limitMs)));
  await Promise.race([work.catch(() => undefined), limit]);
  clock.clearTimeout(timer);
}
