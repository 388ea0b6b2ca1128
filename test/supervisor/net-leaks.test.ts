import { describe, expect, test, vi } from "vitest";
import { noLogger } from "../../src/ports/index.js";
import { presets } from "../../src/testing/simulation/index.js";
import { breakConnection, breakSession } from "./broken.js";
import { simulate } from "./simulated.js";

const id = "chat#1/r1/files.1";
/** So long after the beginning that no moment is taken for a duration. */
const started = 50_000;

async function opened(files: NonNullable<Parameters<typeof simulate>[0]>[string], options = {}) {
  const simulated = simulate({ files, mail: {} }, options);
  const session = simulated.supervisor.session("chat");
  const lease = await session.acquire();
  await simulated.run(lease.catalog());
  await simulated.world.clock.advanceTo(started);
  return { ...simulated, session, lease };
}

describe("a connection whose machine failed, and that leaked", () => {
  test("should be tried again while its session goes on, and its server be started again when it is gone (I14)", async () => {
    const { world, supervisor, run, session, lease } = await opened([presets.unkillable, {}]);
    const receipts: unknown[] = [];
    supervisor.on("receipt", (receipt) => receipts.push(receipt));
    breakConnection(supervisor, id);
    supervisor.reload({ files: { command: "virtual", args: ["--new"] }, mail: { command: "virtual" } });
    await world.clock.advanceBy(10_000);
    await expect(run(lease.client("files"))).rejects.toMatchObject({
      code: "SERVER_LEAKED",
      session: "chat",
      server: "files",
    });

    world.processes.thaw();
    await world.clock.advanceBy(120_000);

    expect([session.state, receipts]).toEqual(["active.live.busy", []]);
    await expect(run(lease.client("files"))).resolves.toBeDefined();
  });

  test("should be logged, with all that says which it is", async () => {
    const error = vi.fn<(fields: object, message: string) => void>();
    const { supervisor, run, session } = await opened({}, { logger: { ...noLogger, error } });
    breakConnection(supervisor, id);
    await run(session.end());
    const fields = { session: "chat", generation: "chat#1", server: "files", connection: id, err: expect.any(Error) };
    expect(error.mock.calls).toContainEqual([fields, "net used"]);
  });
});

describe("a session whose own machine failed", () => {
  test("should be reported as errored where its end was not even noted, by what was told of it", async () => {
    const { supervisor, run, session } = await opened({});
    breakSession(supervisor, { isNoted: false });
    const receipt = await run(session.end());
    expect(receipt).toMatchObject({ reason: "errored", cause: "unknown", outcome: "closed", netUsed: true });
    expect(session.state).toBe("failed");
  });

  test("should use the time that its end has, and no more", async () => {
    const { supervisor, run, session } = await opened(presets.unkillable);
    breakSession(supervisor);
    const receipt = await run(session.end({ deadlineMs: 1_000 }));
    expect(receipt).toMatchObject({ outcome: "leaked", endedAt: started + 1_000 });
    expect(supervisor.inspect().admission, "its tree counts, it does not").toEqual({ liveSessions: 0, trees: 1 });
  });

  test("should be given the time it needs when it is tried again, though its deadline is over", async () => {
    const { world, supervisor, run, session } = await opened(presets.unkillable);
    breakSession(supervisor);
    await run(session.end({ deadlineMs: 1_000 }));
    world.processHost.answers.plans = { look: { latencyMs: 100 } };
    world.processes.thaw();
    const recovered: number[] = [];
    supervisor.on("recovered", ({ endedAt }) => recovered.push(endedAt));
    await world.clock.advanceBy(120_000);
    expect(recovered).toHaveLength(1);
    world.truth.assertNothingLeft();
  });
});

describe("two leaks of an ended session", () => {
  test("should keep it until both are given up, and be told once each", async () => {
    const { world, supervisor, run } = simulate({ files: presets.unkillable, mail: presets.unkillable });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.catalog()));
    const leaked: string[] = [];
    supervisor.on("leaked", ({ server }) => leaked.push(server));
    const announced: string[] = [];
    supervisor.on("connection", ({ server, state }) => state === "leaked" && announced.push(server));
    const { connections } = await run(session.end());
    await world.clock.advanceBy(30_000);
    expect(leaked).toEqual(["files", "mail"]);
    expect(announced.length, "each retry that is in vain, too").toBeGreaterThan(2);

    const [first, second] = connections.map((connection) => connection.id);
    supervisor.forget(first ?? "", "will reboot");
    await world.clock.advanceBy(30_000);
    expect(session.state).toBe("ended.leaked");
    supervisor.forget(second ?? "", "will reboot");
    expect(session.state).toBe("closed");
  });

  test("should be tried again less and less often", async () => {
    const { world, supervisor, run } = simulate({ files: presets.unkillable });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    const triedAt: number[] = [];
    supervisor.on("connection", ({ state, at }) => state === "leaked" && triedAt.push(at));
    await run(session.end());
    await world.clock.advanceBy(600_000);
    const pauses = triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0));
    expect(pauses.slice(0, 4)).toEqual(pauses.slice(0, 4).toSorted((a, b) => a - b));
    expect(pauses.at(-1)).toBeGreaterThan(60_000);
  });
});
