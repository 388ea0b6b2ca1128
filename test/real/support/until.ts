import { setTimeout as pause } from "node:timers/promises";

/** Waits for a condition, never for a fixed time. Rejects with `complaint`, a sentence. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  complaint: string | (() => string),
  withinMs = 10_000,
): Promise<void> {
  for (const deadline = performance.now() + withinMs; !(await condition()); await pause(5)) {
    if (performance.now() < deadline) continue;
    throw new Error(`${typeof complaint === "string" ? complaint : complaint()} (after ${withinMs} ms)`);
  }
}

/** What a promise rejected with; fails if it did not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const value = await promise.then(
    (resolved) => ({ resolved }),
    (thrown: unknown) => ({ thrown }),
  );
  if ("thrown" in value) return value.thrown;
  throw new Error(`it was to reject, but resolved to ${JSON.stringify(value.resolved)}`);
}
