import { describe, expect, test, vi } from "vitest";
import { Stirring, waitForStir } from "../../src/supervisor/stirring.js";
import { Watchers } from "../../src/supervisor/watchers.js";
import { VirtualClock } from "../../src/testing/simulation/index.js";

/** Two who wait for the same, of whom the first gives up. */
async function oneGaveUp(wait: (signal: AbortSignal) => Promise<void>) {
  const [first, second] = [new AbortController(), new AbortController()];
  const gaveUp = expect(wait(first.signal)).rejects.toThrow("no patience");
  const waits = wait(second.signal);
  first.abort(new Error("no patience"));
  await gaveUp;
  return { waits };
}

describe("who waits for a change of a session", () => {
  test("should be told of it though another one gave up", async () => {
    const watchers = new Watchers();
    let holds = false;
    const { waits } = await oneGaveUp((signal) => watchers.until("chat#1", () => holds, signal));
    holds = true;
    watchers.changed("chat#1");
    await expect(waits).resolves.toBeUndefined();
  });

  test("should be asked nothing any more once that is over", async () => {
    const watchers = new Watchers();
    const patience = new AbortController();
    const condition = vi.fn(() => false);
    const waits = watchers.until("chat#1", condition, patience.signal);
    patience.abort(new Error("no patience"));
    await expect(waits).rejects.toThrow("no patience");
    watchers.changed("chat#1");
    expect(condition).toHaveBeenCalledTimes(1);
  });

  test("should be told of it after others waited for an earlier one", async () => {
    const watchers = new Watchers();
    const { signal } = new AbortController();
    let changes = 0;
    for (const wanted of [1, 2]) {
      const waits = watchers.until("chat#1", () => changes >= wanted, signal);
      changes = wanted;
      watchers.changed("chat#1");
      await expect(waits).resolves.toBeUndefined();
    }
  });
});

test("who waits for a stir should be woken by it though another one gave up", async () => {
  const clock = new VirtualClock();
  const stirring = new Stirring();
  const wait = (signal: AbortSignal) => waitForStir({ stirring, clock, id: "c", since: 0, signal, atMostMs: 60_000 });
  const { waits } = await oneGaveUp(wait);
  stirring.stir("c");
  await expect(waits).resolves.toBeUndefined();
  expect(clock.pending).toEqual([]);
});
