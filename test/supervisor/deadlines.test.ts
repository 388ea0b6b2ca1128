import { describe, expect, test } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

const started = 50_000;

/** A session that has been open for a while, with a call in flight. */
async function inCall(behaviour: Parameters<typeof simulate>[0] = {}, drainMs = 60_000) {
  const simulated = simulate({ files: {}, ...behaviour });
  const session = simulated.supervisor.session("chat", { drainMs });
  const lease = await session.acquire();
  await simulated.run(lease.client("files"));
  await simulated.world.clock.advanceTo(started);
  const call = lease.callTool("files", "echo");
  const outcome = call.then(
    () => "answered",
    (error: unknown) => String((error as { code?: unknown }).code),
  );
  await simulated.world.clock.settle();
  return { ...simulated, session, outcome };
}

describe("an end with a deadline", () => {
  test("should let a call finish that needs less than that", async () => {
    const { run, session, outcome } = await inCall({ files: { calls: { answerMs: 3_000 } } });
    const receipt = await run(session.end({ deadlineMs: 30_000 }));
    expect(await outcome).toBe("answered");
    expect(receipt).toMatchObject({ outcome: "closed", endedAt: started + 3_000 });
  });

  test("should abort a call that needs more when a third of the time is left", async () => {
    const { run, session, outcome } = await inCall({ files: presets.neverAnswersCalls });
    const receipt = await run(session.end({ deadlineMs: 9_000 }));
    expect(await outcome).toBe("SESSION_ENDED");
    expect(receipt).toMatchObject({ outcome: "closed", endedAt: started + 6_000 });
  });

  test("should be kept by an end that asks for no deadline, or for a later one", async () => {
    const { run, session } = await inCall({ files: presets.neverAnswersCalls });
    const ended = session.end({ deadlineMs: 9_000 });
    void session.end();
    void session.end({ deadlineMs: 90_000 });
    expect(await run(ended)).toMatchObject({ endedAt: started + 6_000 });
  });

  test("should report a leak by it, and hold the host by no timer after that", async () => {
    const { world, run, session } = await inCall({ files: { ...presets.unkillable, ...presets.neverAnswersCalls } });
    const receipt = await run(session.end({ deadlineMs: 9_000 }));
    expect(receipt).toMatchObject({ outcome: "leaked", endedAt: started + 9_000 });
    await world.clock.advanceBy(0);
    expect(world.clock.pending.filter(({ ref }) => ref)).toEqual([]);
  });

  test("should leave no timer of it behind where a leak is known long before it", async () => {
    const { world, run, session } = await inCall({ files: presets.unkillable }, 0);
    const receipt = await run(session.end({ deadlineMs: 600_000 }));
    expect(receipt.outcome).toBe("leaked");
    expect(receipt.endedAt).toBeLessThan(started + 60_000);
    expect(world.clock.pending.filter(({ ref }) => ref)).toEqual([]);
  });
});

describe("an end without a deadline", () => {
  test("should hold the host by no timer once it is over", async () => {
    const { world, run, session } = await inCall({});
    expect(await run(session.end())).toMatchObject({ outcome: "closed" });
    expect(world.clock.pending).toEqual([]);
  });
});
