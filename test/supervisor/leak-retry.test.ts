import { expect, test } from "vitest";
import { LeakRetry } from "../../src/supervisor/leak-retry.js";
import type { CustodyRecord } from "../../src/supervisor/custody.js";
import type { SessionHandle } from "../../src/supervisor/session-handle.js";
import { createWorld } from "../../src/testing/simulation/index.js";

test("a leak should be tried again after a second, then later and later, once a minute at last", async () => {
  const { clock } = createWorld();
  const retries = new LeakRetry(clock);
  const at: number[] = [];
  const record = { id: "c" } as CustodyRecord;
  const session = {
    retry: () => {
      at.push(clock.now());
      retries.later(session, record);
    },
  } as unknown as SessionHandle;
  const began = clock.now();
  retries.later(session, record);
  await clock.advanceBy(250_000);
  expect(at.map((time) => (time - began) / 1_000)).toEqual([1, 3, 7, 15, 31, 63, 123, 183, 243]);

  retries.forget("c");
  await clock.advanceBy(250_000);
  expect(at).toHaveLength(9);
});
