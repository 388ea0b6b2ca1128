import { describe, expect, test } from "vitest";
import { parseServers } from "../../src/config/index.js";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

describe("sleep and wake", () => {
  test("should not start a second tree of a server while the first still closes, because another one of the old runtime leaked (I11)", async () => {
    const { world, supervisor, run } = simulate({ web: presets.deleteFails, files: presets.slowSigterm });
    supervisor.reload(
      parseServers({
        web: { url: "http://virtual.test/mcp" },
        files: { command: "virtual", lifecycle: { terminatingMs: 10_000 } },
      }),
    );
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.catalog()));
    void session.sleep();
    await world.clock.advanceBy(10);
    const lease = await session.acquire();
    await run(lease.client("files"));
    world.truth.assertNoViolations();
  });

  test("should not start a second tree of a server that leaked after another one of the old runtime had (I11)", async () => {
    const { world, supervisor, run } = simulate({ a: presets.unkillable, b: presets.unkillable });
    supervisor.reload(
      parseServers({
        a: { command: "virtual", lifecycle: { inputEndedMs: 1, terminatingMs: 1, verifyMs: 1 } },
        b: { command: "virtual" },
      }),
    );
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.catalog()));
    void session.sleep();
    await world.clock.advanceBy(100);
    const lease = await session.acquire();
    await run(lease.client("b")).catch(() => undefined);
    world.truth.assertNoViolations();
  });

  test("should start a server again once its own leaked tree is gone, though another one of the old runtime stays leaked (I14)", async () => {
    const { world, supervisor, run } = simulate({ a: [presets.unkillable, {}], b: presets.unkillable });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.catalog()));
    await run(session.sleep());
    const lease = await session.acquire();
    const [leaked] = supervisor.inspect().sessions[0]?.connections.filter(({ server }) => server === "a") ?? [];
    supervisor.forget(leaked?.id ?? "", "gone with the host it ran on");
    await expect(run(lease.client("a"))).resolves.toBeDefined();
    void world;
  });

  test("should settle sleep() although somebody acquires meanwhile", async () => {
    const { world, supervisor, run } = simulate({ files: presets.exitsLate });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    let settled = false;
    void session.sleep().then(() => (settled = true));
    await session.acquire();
    await world.clock.advanceBy(60_000);
    expect(settled).toBe(true);
  });

  test("should cut no call in flight (I5)", async () => {
    const { world, supervisor, run } = simulate({ files: { calls: { answerMs: 1_000 } } });
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    await run(lease.client("files"));
    const call = lease.callTool("files", "echo");
    await world.clock.settle();
    lease.release();
    void session.sleep();
    await expect(run(call)).resolves.toBeDefined();
  });

  test("should still time out when idle, after a sleep that ended a call (LP-05)", async () => {
    const { world, supervisor, run } = simulate({ files: presets.neverAnswersCalls });
    const session = supervisor.session("chat", { idleTimeoutMs: 5_000 });
    const lease = await session.acquire();
    await run(lease.client("files"));
    lease.callTool("files", "echo").catch(() => undefined);
    await world.clock.settle();
    lease.release();
    void session.sleep();
    await world.clock.advanceBy(60_000);
    await run(session.run(() => undefined));
    await world.clock.advanceBy(3_600_000);
    expect(session.state).toBe("closed");
  });

  test("should not keep a released lease waiting, and open nothing for it after a wake", async () => {
    const { world, supervisor, run } = simulate({ files: presets.slowStart });
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    let outcome = "pending";
    lease.client("files").then(
      () => (outcome = "opened"),
      (error: { code: string }) => (outcome = error.code),
    );
    await world.clock.advanceBy(10);
    lease.release();
    await run(session.sleep());
    await world.clock.advanceBy(600_000);
    expect(outcome).not.toBe("pending");
  });

  test("should forget a leak of a sleeping session's old runtime, also after reload removed the server", async () => {
    const { world, supervisor, run } = simulate({ a: presets.unkillable });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.catalog()));
    await run(session.sleep());
    supervisor.reload({});
    const id = supervisor.inspect().sessions[0]?.connections[0]?.id ?? "";
    supervisor.forget(id, "because");
    expect(supervisor.inspect().sessions[0]?.connections).toEqual([]);
    const receipt = await run(session.end());
    expect(receipt.connections).toHaveLength(1);
    expect(world.clock.pending).toEqual([]);
  });
});
