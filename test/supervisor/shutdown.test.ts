import { describe, expect, test } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

describe("a shutdown", () => {
  test("should end every session in parallel within one deadline (LP-49)", async () => {
    const { world, supervisor, run } = simulate({ files: presets.ignoresSigterm });
    for (let index = 0; index < 20; index += 1) {
      await run(supervisor.session(`chat ${index}`).run((lease) => lease.client("files")));
    }
    const before = world.clock.now();

    const report = await run(supervisor.shutdown({ deadlineMs: 3_000 }));

    expect(report).toMatchObject({ closed: 20, forced: 20, leaked: 0 });
    expect(world.clock.now() - before).toBe(2_000);
    world.truth.assertNothingLeft();
  });

  test("should be a fence: nothing is admitted after it began (LP-22, I4)", async () => {
    const { supervisor, run } = simulate({ files: presets.ignoresEof });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    const shutdown = supervisor.shutdown();
    expect(() => supervisor.session("other")).toThrow(expect.objectContaining({ code: "SHUTDOWN" }));
    await expect(session.acquire()).rejects.toMatchObject({ code: "SHUTDOWN" });
    await run(shutdown);
  });

  test("should be one for all who ask, and hurried by a stricter one", async () => {
    const { world, supervisor, run } = simulate({ files: presets.ignoresSigterm });
    await run(supervisor.session("chat").run((lease) => lease.client("files")));
    const before = world.clock.now();
    const first = supervisor.shutdown();
    const second = supervisor.shutdown({ deadlineMs: 300 });
    expect(await run(first)).toBe(await second);
    expect(world.clock.now() - before).toBe(200);
  });

  test("should leave what it held before nothing: no timer, no listener, no record (LP-55)", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    for (let index = 0; index < 50; index += 1) {
      const session = supervisor.session("chat", { idleTimeoutMs: 5_000, maxLifetimeMs: 50_000 });
      await run(session.run((lease) => lease.callTool("files", "echo")));
      await run(session.end());
    }
    world.truth.assertNothingLeft();
    expect(supervisor.inspect()).toMatchObject({ sessions: [], admission: { liveSessions: 0, trees: 0 }, netUsed: 0 });
  });
});

describe("the limits", () => {
  test("should refuse a session that would go live beyond them, and admit it when one is gone", async () => {
    const { supervisor, run } = simulate({ files: {} }, { limits: { liveSessions: 1 } });
    const first = supervisor.session("one");
    await run(first.run((lease) => lease.client("files")));
    const second = supervisor.session("two");
    await expect(second.acquire()).rejects.toMatchObject({ code: "ADMISSION", limit: "liveSessions" });
    await run(first.end());
    await run(second.run((lease) => lease.client("files")));
  });

  test("should keep the slot of a tree until it is proved gone (LP-11, I8)", async () => {
    const { world, supervisor, run } = simulate({ files: [presets.unkillable, {}] }, { limits: { trees: 1 } });
    const first = supervisor.session("one");
    await run(first.run((lease) => lease.client("files")));
    await run(first.end());
    const second = await supervisor.session("two").acquire();
    await expect(run(second.client("files"))).rejects.toMatchObject({ code: "ADMISSION", limit: "trees" });

    world.processes.thaw();
    await world.clock.advanceBy(120_000);
    await expect(run(second.client("files"))).resolves.toBeDefined();
  });
});
