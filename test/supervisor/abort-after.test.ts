import { describe, expect, test } from "vitest";
import { abortAfter } from "../../src/supervisor/abort-after.js";
import { waitUnlessAborted } from "../../src/supervisor/wait-unless-aborted.js";
import { VirtualClock } from "../../src/testing/simulation/index.js";

describe("a limit of time", () => {
  test("should abort by the clock, and say whose time was up", async () => {
    const clock = new VirtualClock();
    using limit = abortAfter(clock, 1_000, { place: { session: "chat", server: "files" } });
    await clock.advanceBy(999);
    expect(limit.signal.aborted).toBe(false);
    await clock.advanceBy(1);
    expect(limit.signal.reason).toMatchObject({ code: "CALL_TIMEOUT", session: "chat", server: "files" });
  });

  test.each(["before", "after"])("should follow a signal that was aborted %s it began, with its reason", (when) => {
    const outer = new AbortController();
    if (when === "before") outer.abort("why");
    using limit = abortAfter(new VirtualClock(), 1_000, { outer: outer.signal });
    if (when === "after") outer.abort("why");
    expect(limit.signal.reason).toBe("why");
  });

  test("should leave no timer and no listener", () => {
    const clock = new VirtualClock();
    const outer = new AbortController();
    const limit = abortAfter(clock, 1_000, { outer: outer.signal });
    limit[Symbol.dispose]();
    outer.abort("too late");
    expect(limit.signal.aborted).toBe(false);
    expect(clock.pending).toEqual([]);
  });
});

describe("waiting for what may never come", () => {
  test("should begin nothing where the signal is aborted already", async () => {
    let begun = 0;
    const waiting = waitUnlessAborted(AbortSignal.abort("over"), () => {
      begun += 1;
      return () => undefined;
    });
    await expect(waiting).rejects.toBe("over");
    expect(begun).toBe(0);
  });

  test.each(["resolve", "reject", "abort"] as const)("should be taken back once, when it ends by %s", async (by) => {
    const controller = new AbortController();
    let takenBack = 0;
    const settle: Record<string, (value: unknown) => void> = { abort: (reason) => controller.abort(reason) };
    const waiting = waitUnlessAborted(controller.signal, ({ resolve, reject }) => {
      Object.assign(settle, { resolve, reject });
      return () => (takenBack += 1);
    });
    const outcome = waiting.then(
      (value) => `resolved: ${String(value)}`,
      (error: unknown) => `rejected: ${String(error)}`,
    );
    settle[by]?.("why");
    expect(await outcome).toBe(by === "resolve" ? "resolved: why" : "rejected: why");
    controller.abort("too late");
    expect(takenBack).toBe(1);
  });
});
