import { describe, expect, test } from "vitest";
import { simulate } from "./simulated.js";

describe("the idle deadline of a session", () => {
  test("should be the end of the last call plus the limit; acquiring and releasing do not move it (LP-05)", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("chat", { idleTimeoutMs: 10_000 });
    await run(session.run((lease) => lease.callTool("files", "echo")));
    for (let at = 4_000; at < 10_000; at += 4_000) {
      await world.clock.advanceTo(at);
      (await session.acquire()).release();
    }
    await world.clock.advanceTo(9_999);
    expect(session.state).toBe("active.live.idle");
    await world.clock.advanceTo(10_000);
    const receipt = await run(session.ended);
    expect(receipt).toMatchObject({ reason: "timedOut", cause: "idle", outcome: "closed", startedAt: 10_000 });
    world.truth.assertNothingLeft();
  });

  test("that passes under a lease should fire at its release", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("chat", { idleTimeoutMs: 1_000 });
    const lease = await session.acquire();
    await run(lease.callTool("files", "echo"));
    await world.clock.advanceBy(60_000);
    expect(session.state).toBe("active.live.busy");
    lease.release();
    expect(await run(session.ended)).toMatchObject({ reason: "timedOut", cause: "idle" });
  });

  test("should not pass while a call is in flight, though its lease was released (LP-07)", async () => {
    const { world, supervisor, run } = simulate({ files: { calls: { answerMs: 30_000 } } });
    const session = supervisor.session("chat", { idleTimeoutMs: 1_000 });
    const call = await run(
      session.run(async (lease) => ({ answer: lease.callTool("files", "echo"), ready: await lease.client("files") })),
    );
    await world.clock.settle();
    await world.clock.advanceBy(29_000);
    expect(session.state).toBe("active.live.idle");
    await run(call.answer);
    const receipt = await run(session.ended);
    expect(receipt.endedAt).toBe(31_000);
  });

  test("should be off unless it is configured", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    await world.clock.advanceBy(2 ** 31);
    expect(session.state).toBe("active.live.idle");
  });
});

describe("the idle deadline of a session, under calls", () => {
  test("should not be armed by a release while a call is in flight (LP-07)", async () => {
    const { world, supervisor, run } = simulate({ files: { calls: { answerMs: 30_000 } } });
    const session = supervisor.session("chat", { idleTimeoutMs: 1_000 });
    const lease = await session.acquire();
    await run(lease.client("files"));
    const answer = lease.callTool("files", "echo");
    await world.clock.settle();
    lease.release();
    await world.clock.advanceBy(29_000);
    expect(session.state).toBe("active.live.idle");
    await expect(run(answer)).resolves.toBeDefined();
    expect((await run(session.ended)).endedAt).toBe(31_000);
  });
});

describe("the lifetime of a session", () => {
  test.each(["dormant", "asleep", "idle"])("should end it when it is %s", async (where) => {
    const { world, supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("chat", { maxLifetimeMs: 5_000 });
    if (where !== "dormant") await run(session.run((lease) => lease.client("files")));
    if (where === "asleep") await run(session.sleep());
    await world.clock.advanceTo(5_000);
    expect(await run(session.ended)).toMatchObject({ reason: "timedOut", cause: "lifetime", outcome: "closed" });
    world.truth.assertNothingLeft();
  });

  test("that passes under a lease should fire at its release", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("chat", { maxLifetimeMs: 5_000 });
    const lease = await session.acquire();
    await world.clock.advanceTo(50_000);
    lease.release();
    expect(await run(session.ended)).toMatchObject({ reason: "timedOut", cause: "lifetime" });
  });
});

describe("the idle timeout of a server", () => {
  test("should close that connection, not the session, and reopen it at the next use", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    supervisor.reload({ files: { command: "virtual", lifecycle: { idleTimeoutMs: 1_000 } } });
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    await run(lease.callTool("files", "echo"));
    await world.clock.advanceBy(2_000);
    expect(world.truth.liveProcesses()).toEqual([]);
    expect(session.state).toBe("active.live.busy");
    await run(lease.callTool("files", "echo"));
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });

  test("should count from the end of the last call, and not pass during one", async () => {
    const { world, supervisor, run } = simulate({ files: { calls: { answerMs: 3_000 } }, mail: {} });
    supervisor.reload({
      files: { command: "virtual", lifecycle: { idleTimeoutMs: 1_000 } },
      mail: { command: "virtual" },
    });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.client("mail"));
    await run(lease.client("files"));
    const called = lease.callTool("files", "echo");
    await world.clock.settle();
    const begun = world.clock.now();
    await world.clock.advanceTo(begun + 2_999);
    expect(world.truth.liveProcesses()).toHaveLength(2);
    await run(called);
    await world.clock.advanceTo(begun + 3_999);
    expect(world.truth.liveProcesses()).toHaveLength(2);
    await world.clock.advanceTo(begun + 5_000);
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });
});
