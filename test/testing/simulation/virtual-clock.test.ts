import { describe, expect, it } from "vitest";
import { createActor, createMachine } from "xstate";
import { SimulationError, VirtualClock } from "../../../src/testing/simulation/index.js";

describe("virtual clock", () => {
  it("should fire timers that are armed by timers, each at its own moment, within one advance", async () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    const again = () => {
      fired.push(clock.now());
      if (fired.length < 3) clock.setTimeout(again, 10);
    };
    clock.setTimeout(again, 10);
    await clock.advanceBy(35);
    expect(fired).toEqual([10, 20, 30]);
    expect(clock.now()).toBe(35);
  });

  it("should let everything happen that needs no time before it goes on", async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.setTimeout(() => seen.push("timer"), 1);
    void (async () => {
      for (let round = 0; round < 500; round += 1) await Promise.resolve();
      process.nextTick(() => queueMicrotask(() => seen.push(`microtasks at ${clock.now()}`)));
    })();
    await clock.advanceBy(1);
    expect(seen).toEqual(["microtasks at 0", "timer"]);
  });

  it("should drain between two timers of the same moment", async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.setTimeout(() => {
      seen.push("first");
      queueMicrotask(() => seen.push("its microtask"));
    }, 5);
    clock.setTimeout(() => seen.push("second"), 5);
    await clock.advanceBy(5);
    expect(seen).toEqual(["first", "its microtask", "second"]);
  });

  it("should drive XState through chained delays", async () => {
    const clock = new VirtualClock();
    const chain = { a: { after: { 10: "b" } }, b: { after: { 10: "c" } }, c: { after: { 10: "d" } }, d: {} };
    const actor = createActor(createMachine({ initial: "a", states: chain }), { clock }).start();
    await clock.advanceBy(29);
    expect(actor.getSnapshot().value).toBe("c");
    await clock.advanceBy(1);
    expect(actor.getSnapshot().value).toBe("d");
    expect(clock.pending).toEqual([]);
  });

  it("should list timers with their kind, but not what the world does by itself", () => {
    const clock = new VirtualClock();
    const timer = clock.setTimeout(() => undefined, 20);
    clock.setUnrefTimeout(() => undefined, 10);
    clock.schedule(() => undefined, 5);
    expect(clock.pending).toMatchObject([
      { at: 10, delayMs: 10, ref: false },
      { at: 20, delayMs: 20, ref: true },
    ]);
    clock.clearTimeout(timer);
    clock.clearTimeout(timer);
    clock.clearTimeout(undefined);
    expect(clock.pending).toHaveLength(1);
  });

  it("should say who armed a timer when asked to trace", () => {
    const clock = new VirtualClock({ traceTimers: true });
    clock.setTimeout(() => undefined, 20);
    expect(clock.pending[0]?.stack).toContain("virtual-clock.test");
  });

  it("should be idle when only unref'd timers are left", async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    clock.setTimeout(() => fired.push("ref"), 10);
    clock.schedule(() => fired.push("world"), 20);
    clock.setUnrefTimeout(() => fired.push("unref"), 30);
    await clock.runUntilIdle();
    expect(fired).toEqual(["ref", "world"]);
    expect(clock.now()).toBe(20);
  });

  it("should go to the next deadline only, and say whether there was one", async () => {
    const clock = new VirtualClock();
    clock.setTimeout(() => undefined, 10);
    clock.setTimeout(() => undefined, 20);
    expect(await clock.next()).toBe(true);
    expect(clock.now()).toBe(10);
    await clock.next();
    expect(await clock.next()).toBe(false);
  });

  it("should run until a promise settles and no further", async () => {
    const clock = new VirtualClock();
    clock.setTimeout(() => undefined, 1_000);
    const value = await clock.run(new Promise((resolve) => void clock.setTimeout(() => resolve("done"), 10)));
    expect(value).toBe("done");
    expect(clock.now()).toBe(10);
    await expect(clock.run(Promise.reject(new RangeError("no")))).rejects.toThrow(RangeError);
  });

  it("should reject with a sentence when nothing can settle what is waited for", async () => {
    const clock = new VirtualClock();
    await expect(clock.run(new Promise(() => undefined))).rejects.toThrow("nothing is left that could settle");
    const unref = new Promise<void>((resolve) => void clock.setUnrefTimeout(resolve, 10));
    await expect(clock.run(unref, { refOnly: true })).rejects.toThrow(SimulationError);
    await expect(clock.run(unref)).resolves.toBeUndefined();
  });

  it("should give up on what goes on for ever", async () => {
    const clock = new VirtualClock();
    const again = () => void clock.setTimeout(again, 1);
    again();
    await expect(clock.runUntilIdle({ limitSteps: 50 })).rejects.toThrow("still going on after 50 events");
    await expect(clock.runUntilIdle({ limitMs: 20 })).rejects.toThrow("still going on after 20 ms");
  });

  it("should refuse a delay that the host would cut to nothing, and time that goes back", async () => {
    const clock = new VirtualClock();
    expect(() => clock.setTimeout(() => undefined, 2 ** 31)).toThrow("too long");
    expect(() => clock.setTimeout(() => undefined, Number.NaN)).toThrow(SimulationError);
    await clock.advanceTo(10);
    await expect(clock.advanceTo(5)).rejects.toThrow("time does not go back");
  });

  it("should draw the order of one moment from the seed, the same for the same seed", async () => {
    const orderOf = async (seed?: number) => {
      const clock = new VirtualClock({ seed });
      const order: number[] = [];
      for (let index = 0; index < 8; index += 1) clock.setTimeout(() => order.push(index), 5);
      await clock.advanceBy(5);
      return order.join("");
    };
    expect(await orderOf()).toBe("01234567");
    expect(await orderOf(7)).toBe(await orderOf(7));
    expect(new Set(await Promise.all([1, 2, 3, 4].map(orderOf))).size).toBeGreaterThan(1);
  });
});
