import { describe, expect, test } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { breakConnection, breakSession } from "./broken.js";
import { type Simulated, simulate } from "./simulated.js";

async function opened(behaviour: object, options = {}): Promise<Simulated & { id: string }> {
  const simulated = simulate({ files: behaviour, mail: {} }, options);
  const session = simulated.supervisor.session("chat");
  await simulated.run(session.run((lease) => lease.catalog()));
  return { ...simulated, id: "chat#1/r1/files.1" };
}

describe("the net", () => {
  test("should leave other sessions alone", async () => {
    const { world, supervisor, run, id } = await opened(presets.ignoresSigterm);
    const other = supervisor.session("other");
    const lease = await other.acquire();
    await run(lease.catalog());
    breakConnection(supervisor, id);
    const receipt = await run(supervisor.session("chat").end());
    expect(receipt).toMatchObject({ outcome: "closed", netUsed: true });
    await run(lease.callTool("files", "echo"));
    await run(other.end());
    await world.clock.advanceBy(100_000);
    world.truth.assertNothingLeft();
  });

  test("should not let a server be started again before the net proved its tree gone (I11)", async () => {
    const { world, supervisor, run, id } = await opened(presets.slowSigkill);
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    breakConnection(supervisor, id);
    supervisor.reload({ files: { command: "virtual", args: ["new"] } });
    await world.clock.settle();
    await run(lease.client("files")).catch(() => undefined);
    world.truth.assertNoViolations();
  });

  test("should try again what it could not end, and close when the world recovers (I14)", async () => {
    const { world, supervisor, run, id } = await opened(presets.unkillable);
    const session = supervisor.session("chat");
    breakConnection(supervisor, id);
    const receipt = await run(session.end());
    expect(receipt.outcome).toBe("leaked");
    expect(session.state).not.toBe("closed");
    world.processes.thaw();
    await world.clock.advanceBy(300_000);
    expect(supervisor.custody.all().length).toBe(0);
    world.truth.assertNothingLeft();
  });

  test("should try again, or let an operator forget, what is left of a session whose own machine failed (I14)", async () => {
    const { world, supervisor, run, id } = await opened(presets.unkillable);
    const session = supervisor.session("chat");
    breakSession(supervisor);
    const receipt = await run(session.end());
    expect(receipt).toMatchObject({ outcome: "leaked", netUsed: true });
    supervisor.forget(id, "because");
    await world.clock.advanceBy(300_000);
    expect(supervisor.custody.all().length).toBe(0);
    expect(supervisor.inspect().sessions).toEqual([]);
  });

  test("should settle the end when the process host hangs (I9)", async () => {
    const { world, supervisor, id } = await opened({});
    const session = supervisor.session("chat");
    world.processHost.answers.plans = { signal: { hang: true }, look: { hang: true } };
    breakSession(supervisor);
    let outcome = "pending";
    void session.end({ deadlineMs: 1_000 }).then((receipt) => (outcome = receipt.outcome));
    await world.clock.advanceBy(600_000);
    expect(outcome).toBe("leaked");
    void id;
  });

  test("should keep the deadline of the end (nothing lengthens it)", async () => {
    const { world, supervisor, run } = await opened(presets.unkillable);
    const session = supervisor.session("chat");
    breakSession(supervisor);
    const before = world.clock.now();
    await run(session.end({ deadlineMs: 1_000 }));
    expect(world.clock.now() - before).toBeLessThanOrEqual(1_000);
  });

  test("should end the children of a session whose own machine failed (LP-16)", async () => {
    const { world, supervisor, run } = await opened({});
    const session = supervisor.session("chat");
    const child = supervisor.session("child", { parent: session });
    await run(child.run((lease) => lease.catalog()));
    breakSession(supervisor);
    await run(session.end());
    await world.clock.advanceBy(60_000);
    expect(child.state).toBe("closed");
  });

  test("should refuse at once who waits for a server of a session whose own machine failed", async () => {
    const simulated = simulate({ files: presets.unkillable, slow: presets.neverInitializes });
    const { world, supervisor, run } = simulated;
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    await run(lease.client("files"));
    let outcome = "pending";
    lease.client("slow").catch((error: { code: string }) => (outcome = error.code));
    await world.clock.advanceBy(1);
    breakSession(supervisor);
    void session.end();
    await world.clock.settle();
    expect(outcome).toBe("SESSION_ENDED");
  });

  test("should leave no timer once everything is gone", async () => {
    const { world, supervisor, run, id } = await opened(presets.ignoresSigterm);
    breakConnection(supervisor, id);
    await run(supervisor.session("chat").end());
    await run(supervisor.shutdown());
    expect(world.clock.pending).toEqual([]);
  });

  test("should not crash the host when the logger throws too (LP-51)", async () => {
    const unhandled: unknown[] = [];
    const collect = (reason: unknown) => unhandled.push(reason);
    const former = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", collect);
    try {
      const broken = () => {
        throw new Error("the logger's own");
      };
      const logger = { debug: broken, info: broken, warn: broken, error: broken };
      const { world, supervisor, id } = await opened({}, { logger });
      breakConnection(supervisor, id);
      void supervisor.session("chat").end();
      await world.clock.advanceBy(100_000);
      expect(unhandled).toEqual([]);
      world.truth.assertNothingLeft();
    } finally {
      process.off("unhandledRejection", collect);
      for (const listener of former) process.on("unhandledRejection", listener);
    }
  });
});
