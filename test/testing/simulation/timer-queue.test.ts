import * as fc from "fast-check";
import { expect, it } from "vitest";
import { type QueuedEvent, TimerQueue } from "../../../src/testing/simulation/timer-queue.js";

it("should give what was not cancelled, earliest first, whatever was pushed, cancelled and taken before", () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant("push" as const), at: fc.nat(20) }),
    fc.record({ do: fc.constant("cancel" as const), at: fc.nat(200) }),
    fc.record({ do: fc.constant("shift" as const), at: fc.constant(0) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const queue = new TimerQueue<QueuedEvent>();
      let model: QueuedEvent[] = [];
      const pushed: QueuedEvent[] = [];
      for (const { do: what, at } of steps) {
        const victim = pushed[at];
        if (what === "push") {
          const event = { at, rank: pushed.length, cancelled: false };
          pushed.push(event);
          queue.push(event);
          model = [...model, event].sort((a, b) => a.at - b.at || a.rank - b.rank);
        } else if (what === "shift") {
          expect(queue.shift()).toBe(model.shift());
        } else if (victim !== undefined) {
          queue.cancel(victim);
          model = model.filter((event) => event !== victim);
        }
        expect(queue.peek()).toBe(model[0]);
      }
      expect(queue.toArray()).toEqual(model);
    }),
  );
});

it("should not keep what was cancelled long before its time", () => {
  const queue = new TimerQueue<QueuedEvent>();
  const events = Array.from({ length: 1_000 }, (_, rank) => ({ at: 1_000_000, rank, cancelled: false }));
  for (const event of events) queue.push(event);
  for (const event of events.slice(1)) queue.cancel(event);
  expect(queue.size).toBeLessThan(70);
  expect(queue.toArray()).toEqual([events[0]]);
});
