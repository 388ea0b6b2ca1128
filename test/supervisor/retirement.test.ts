import { describe, expect, test } from "vitest";
import { simulate } from "./simulated.js";

async function leased() {
  const simulated = simulate({ files: {} });
  const session = simulated.supervisor.session("chat");
  const lease = await session.acquire();
  await simulated.run(lease.client("files"));
  return { ...simulated, session, lease };
}

describe("a retirement", () => {
  test("should keep the process until the last release", async () => {
    const { world, run, session, lease } = await leased();
    session.retire({ cause: "compaction" });
    await world.clock.advanceBy(60_000);
    expect(session.state).toBe("active.live.retiring.ordinary");
    expect(world.truth.liveProcesses()).toHaveLength(1);

    lease.release();

    expect(await run(session.ended)).toMatchObject({ reason: "ended", cause: "compaction", outcome: "closed" });
    world.truth.assertNothingLeft();
  });

  test("that is ordinary should be cancelled by an acquire", async () => {
    const { world, session, lease } = await leased();
    session.retire();
    const second = await session.acquire();
    lease.release();
    second.release();
    await world.clock.settle();
    expect(session.state).toBe("active.live.idle");
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });

  test("that is required should refuse an acquire and not be cancelled", async () => {
    const { run, session, lease } = await leased();
    session.retire({ required: true, reason: "reset" });
    await expect(session.acquire()).rejects.toMatchObject({ state: "active.live.retiring.required" });
    session.retire();
    lease.release();
    expect(await run(session.ended)).toMatchObject({ reason: "reset", outcome: "closed" });
  });

  test("that is required should have a limit (LP-14)", async () => {
    const { world, session } = await leased();
    session.retire({ required: true });
    await world.clock.advanceBy(59_999);
    expect(session.state).toBe("active.live.retiring.required");
    await world.clock.advanceBy(100);
    expect(await session.ended).toMatchObject({ outcome: "closed" });
  });

  test("should end a session without a lease at once", async () => {
    const { world, run, session, lease } = await leased();
    lease.release();
    session.retire();
    await run(session.ended);
    world.truth.assertNothingLeft();
  });

  test("should take the old generation when its key is bound to a new one, which serves at once (LP-04)", async () => {
    const { world, run, supervisor, session, lease } = await leased();
    const next = supervisor.rebind("chat");
    expect(supervisor.session("chat")).toBe(next);
    await run(next.run((other) => other.client("files")));
    expect(world.truth.liveProcesses()).toHaveLength(2);

    lease.release();

    expect(await run(session.ended)).toMatchObject({ cause: "superseded", outcome: "closed" });
    expect(world.truth.liveProcesses()).toHaveLength(1);
    await run(next.end());
    world.truth.assertNothingLeft();
  });
});

describe("a one-shot session", () => {
  test("should end with its run (LP-03)", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("cron", { oneShot: true });
    await run(session.run((lease) => lease.client("files")));
    expect(await run(session.ended)).toMatchObject({ reason: "ended", cause: "run-end", outcome: "closed" });
    world.truth.assertNothingLeft();
  });

  test("should end with its run however it ends (LP-02)", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("cron", { oneShot: true });
    const failing = session.run(async (lease) => {
      await lease.client("files");
      throw new TypeError("the run's own");
    });
    await expect(run(failing)).rejects.toThrow("the run's own");
    expect(await run(session.ended)).toMatchObject({ reason: "errored", cause: "run-failed", outcome: "closed" });
    world.truth.assertNothingLeft();
  });
});
