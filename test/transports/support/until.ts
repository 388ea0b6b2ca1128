import { setTimeout as pause } from "node:timers/promises";

/** Waits for a condition, never for a fixed time. Rejects with `complaint`, a sentence. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  complaint: string | (() => string),
  withinMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > deadline) {
      throw new Error(`${typeof complaint === "string" ? complaint : complaint()} (after ${withinMs} ms)`);
    }
    await pause(5);
  }
}

/** What a promise rejected with; fails if it did not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`it was to reject, but resolved to ${JSON.stringify(value)}`);
    },
    (thrown: unknown) => thrown,
  );
}
