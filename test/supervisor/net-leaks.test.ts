import { describe, expect, test, vi } from "vitest";
import { noLogger } from "../../src/ports/index.js";
import { presets, type ServerBehaviours } from "../../src/testing/simulation/index.js";
import { breakConnection, breakSession } from "./broken.js";
import type { SessionSupervisor } from "../../src/supervisor/supervisor.js";
import { simulate } from "./simulated.js";

const id = "chat#1/r1/files.1";
/** So long after the beginning that no moment is taken for a duration. */
const started = 50_000;

async function opened(files: ServerBehaviours[string], options = {}, mail: ServerBehaviours[string] = {}) {
  const simulated = simulate({ files, mail }, options);
  const session = simulated.supervisor.session("chat");
  const lease = await session.acquire();
  await simulated.run(lease.catalog());
  await simulated.world.clock.advanceTo(started);
  return { ...simulated, session, lease };
}

/** A reload closes it, and its machine fails at that. */
function closeBroken(supervisor: SessionSupervisor, ...ids: string[]) {
  for (const each of ids) breakConnection(supervisor, each);
  const servers = ["files", "mail"].map((server) => {
    const args = ids.some((each) => each.includes(server)) ? ["--new"] : undefined;
    return [server, { command: "virtual", ...(args && { args }) }];
  });
  supervisor.reload(Object.fromEntries(servers));
}

describe("a connection whose machine failed", () => {
  test("should be tried again as a leak while its session goes on, and its server be started again when it is gone (I14)", async () => {
    const { world, supervisor, run, session, lease } = await opened([presets.unkillable, {}]);
    const receipts: unknown[] = [];
    supervisor.on("receipt", (receipt) => receipts.push(receipt));
    closeBroken(supervisor, id);
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

  test("should be logged, with all that says which it is, and show in the receipt of its session", async () => {
    const error = vi.fn<(fields: object, message: string) => void>();
    const { world, supervisor, run, session } = await opened({}, { logger: { ...noLogger, error } });
    closeBroken(supervisor, id);
    await world.clock.advanceBy(1_000);
    const receipt = await run(session.end());
    expect(receipt).toMatchObject({ netUsed: true, outcome: "closed" });
    expect(receipt.connections.filter(({ netUsed }) => netUsed)).toMatchObject([{ id }]);
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

  test.each(["a process that nothing ends", "a process host that hangs"])(
    "should use the time that its end has, and no more, for %s",
    async (what) => {
      const { world, supervisor, run, session } = await opened(presets.unkillable);
      if (what.endsWith("hangs")) world.processHost.answers.plans = { signal: { hang: true }, look: { hang: true } };
      breakSession(supervisor);
      const receipt = await run(session.end({ deadlineMs: 1_000 }));
      expect(receipt).toMatchObject({ outcome: "leaked", endedAt: started + 1_000 });
      expect(supervisor.inspect().admission.liveSessions, "its trees count, it does not").toBe(0);
    },
  );

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
  test("should keep it, and its place among the live ones, until both are given up, though the net has them", async () => {
    const { world, supervisor, run, session } = await opened(presets.unkillable, {}, presets.unkillable);
    const ids = [id, "chat#1/r1/mail.2"];
    closeBroken(supervisor, ...ids);
    await world.clock.advanceBy(10_000);
    expect(await run(session.end())).toMatchObject({ outcome: "leaked" });
    expect(supervisor.inspect().admission.liveSessions).toBe(1);
    for (const each of ids) {
      expect(session.state).toBe("ended.leaked");
      supervisor.forget(each, "will reboot");
    }
    expect(session.state).toBe("closed");
  });

  test("should each be told once, however often it is tried again, and that less and less often", async () => {
    const { world, supervisor, run } = simulate({ files: presets.unkillable, mail: presets.unkillable });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.catalog()));
    const leaked: string[] = [];
    supervisor.on("leaked", ({ server }) => leaked.push(server));
    const triedAt: number[] = [];
    supervisor.on("connection", ({ server, state, at }) => {
      if (server === "files" && state === "leaked") triedAt.push(at);
    });
    await run(session.end());
    await world.clock.advanceBy(60_000);
    expect(leaked).toEqual(["files", "mail"]);
    const pauses = triedAt.slice(1).map((at, index) => at - (triedAt[index] ?? 0));
    expect(pauses.length).toBeGreaterThan(2);
    expect(pauses.every((pause, index) => pause > (pauses[index - 1] ?? 0))).toBe(true);
  });
});
