import { describe, expect, test } from "vitest";
import { endReasons } from "../../src/machines/index.js";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

describe("an end", () => {
  test("should be one for all who ask: fifty callers, one dispose, one receipt (I3, I7)", async () => {
    const { world, supervisor, run } = simulate({ files: presets.ignoresSigterm });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));

    const receipts = await run(
      Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          session.end({ reason: endReasons[index % endReasons.length], cause: `caller ${index}` }),
        ),
      ),
    );

    expect(new Set(receipts).size).toBe(1);
    expect(receipts[0]).toMatchObject({ reason: "ended", cause: "caller 0", outcome: "closed" });
    expect(world.truth.events({ type: "end-input" })).toHaveLength(1);
  });

  test("should need no force where everything answers well (I13)", async () => {
    const { supervisor, run } = simulate({ files: {}, web: { http: {} }, stateless: presets.stateless });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.catalog()));

    const receipt = await run(session.end());

    expect(Object.fromEntries(receipt.connections.map(({ server, means }) => [server, means]))).toEqual({
      files: "EOF",
      web: "DELETE",
      stateless: "close",
    });
  });

  test("should step up from EOF to SIGTERM to SIGKILL, each after its grace", async () => {
    const { world, supervisor, run } = simulate({ files: presets.ignoresSigterm });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    const before = world.clock.now();

    const { connections } = await run(session.end());

    expect(connections[0]).toMatchObject({ means: "SIGKILL", outcome: "closed", survivors: [] });
    expect(connections[0]?.phases.map(({ name }) => name)).toEqual([
      "inputEnded",
      "terminating",
      "killing",
      "verifying",
    ]);
    expect(world.clock.now() - before).toBe(4_000);
  });

  test("should be over by its deadline, killing early enough to look (design, end 5)", async () => {
    const { world, supervisor, run } = simulate({ files: presets.ignoresSigterm });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    const before = world.clock.now();

    const receipt = await run(session.end({ deadlineMs: 900 }));

    expect(receipt.outcome).toBe("closed");
    expect(world.clock.now() - before).toBe(600);
  });

  test("should give up an opening in flight at once, not when the calls beside it have drained (I4)", async () => {
    const { world, supervisor, run } = simulate({
      files: presets.neverAnswersCalls,
      slow: { open: { initializeMs: 60_000 } },
    });
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    await run(lease.client("files"));
    lease.callTool("files", "echo").catch(() => undefined);
    lease.client("slow").catch(() => undefined);
    await world.clock.advanceBy(1_000);

    const ended = session.end();
    await world.clock.settle();

    expect(session.state).toBe("ended.draining");
    expect(world.truth.events({ type: "open-failed" })).toMatchObject([{ server: "slow", atMs: 1_000 }]);
    await run(ended);
  });

  test("should keep its host alive until it is over, though the process host answers nothing (LP-32)", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    world.processHost.answers.plans = { look: { hang: true }, signal: { hang: true } };
    const receipt = await world.clock.run(session.end(), { refOnly: true });
    expect(receipt.outcome).toBe("leaked");
  });

  test("should be shortened by a stricter second end, and lengthened by none (LP-53)", async () => {
    const { world, supervisor, run } = simulate({ files: presets.ignoresSigterm });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    const before = world.clock.now();

    const first = session.end({ deadlineMs: 3_000 });
    await world.clock.advanceBy(100);
    void session.end({ deadlineMs: 60_000 });
    void session.end({ deadlineMs: 300 });

    expect((await run(first)).outcome).toBe("closed");
    expect(world.clock.now() - before).toBe(300);
  });

  test("should report a leak at the deadline, and the proof that comes later as recovered (I14)", async () => {
    const { world, supervisor, run } = simulate({ files: presets.unkillable });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    const recovered: unknown[] = [];
    supervisor.on("recovered", (receipt) => recovered.push(receipt));
    const before = world.clock.now();

    const receipt = await run(session.end({ deadlineMs: 2_000 }));

    expect(receipt.outcome).toBe("leaked");
    expect(receipt.connections[0]?.survivors).toHaveLength(1);
    expect(world.clock.now() - before).toBe(2_000);
    expect(supervisor.inspect().admission).toEqual({ liveSessions: 1, trees: 1 });
    await world.clock.advanceBy(0);
    expect(world.clock.pending, "only the retry, which keeps no host alive").toMatchObject([{ ref: false }]);

    world.processes.thaw();
    await world.clock.advanceBy(120_000);

    expect(recovered).toEqual([expect.objectContaining({ recovers: receipt.id, outcome: "closed" })]);
    expect(receipt.outcome).toBe("leaked");
    expect(world.ledger.answers.count("leaked"), "on record once, however often it was tried again").toBe(1);
    world.truth.assertNothingLeft();
  });

  test("should be proved by a retry, however short the graces of the server are", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    supervisor.reload({ files: { command: "virtual", lifecycle: { inputEndedMs: 0, terminatingMs: 0, verifyMs: 0 } } });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    await run(session.end());
    await world.clock.advanceBy(60_000);
    expect(session.state).toBe("closed");
    world.truth.assertNothingLeft();
  });

  test("should let an operator forget a leak, and record why", async () => {
    const { supervisor, run } = simulate({ files: presets.unkillable });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    const receipt = await run(session.end());
    const again: unknown[] = [];
    supervisor.on("recovered", () => again.push("recovered"));
    supervisor.on("forgotten", (second) => again.push(second));

    expect(() => supervisor.forget("nonsense", "")).toThrow(/no leaked connection/);
    supervisor.forget(receipt.connections[0]?.id ?? "", "host will reboot");

    expect(again).toEqual([
      expect.objectContaining({
        outcome: "leaked",
        connections: [expect.objectContaining({ outcome: "forgotten", forgotten: "host will reboot" })],
      }),
    ]);
    expect(supervisor.inspect().sessions).toEqual([]);
  });

  test("should give a remote session up after five goodbyes, and say that it is unconfirmed", async () => {
    const { world, supervisor, run } = simulate({ web: presets.deleteFails });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("web")));
    const recovered: unknown[] = [];
    supervisor.on("recovered", (receipt) => recovered.push(receipt));

    expect((await run(session.end())).outcome).toBe("leaked");
    await world.clock.advanceBy(600_000);

    expect(recovered).toEqual([
      expect.objectContaining({ connections: [expect.objectContaining({ outcome: "unconfirmed" })] }),
    ]);
    expect(world.truth.events({ type: "release-failed" })).toHaveLength(5);
  });

  test("should not be rejected by a deadline that is no duration without ending the session either", async () => {
    const { supervisor } = simulate({ files: {} });
    const session = supervisor.session("chat");
    await expect(session.end({ deadlineMs: -1 })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      field: "deadlineMs",
    });
    expect(session.state).toBe("active.dormant");
  });

  test("should end the sessions that were opened as children (LP-16)", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const parent = supervisor.session("chat");
    const child = supervisor.session("subagent", { parent });
    await run(child.run((lease) => lease.client("files")));

    await run(parent.end());

    expect(await run(child.ended)).toMatchObject({ reason: "ended", cause: "parent-ended", outcome: "closed" });
    world.truth.assertNothingLeft();
  });

  test("should hold children to the deadline of their parent's end, also to a stricter one that comes later", async () => {
    const { world, supervisor, run } = simulate({ files: presets.unkillable });
    const parent = supervisor.session("chat");
    const child = supervisor.session("subagent", { parent });
    await run(parent.run((lease) => lease.client("files")));
    await run(child.run((lease) => lease.client("files")));

    const began = world.clock.now();
    void parent.end({ deadlineMs: 60_000 });
    await world.clock.advanceBy(100);
    void parent.end({ deadlineMs: 900 });
    await run(child.ended);
    expect(world.clock.now() - began).toBeLessThanOrEqual(1_000);
  });

  test("should hold a child that is made while its parent ends to the parent's deadline", async () => {
    const { world, supervisor, run } = simulate({ files: presets.ignoresEof });
    const parent = supervisor.session("chat");
    const lease = await parent.acquire();
    await run(lease.client("files"));
    void parent.end({ deadlineMs: 1_000 });
    const child = supervisor.session("late", { parent });
    await expect(child.acquire()).rejects.toMatchObject({ code: "SESSION_ENDED" });
    await run(Promise.all([parent.ended, child.ended]));
    expect(world.clock.now()).toBeLessThanOrEqual(2_000);
  });

  test("should reset to a next generation that serves the key at once", async () => {
    const { supervisor, run } = simulate({ files: presets.ignoresEof });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));

    const reset = session.reset();
    const next = supervisor.session("chat");
    expect(next).not.toBe(session);
    await run(next.run((lease) => lease.client("files")));

    expect(await run(reset)).toMatchObject({ receipt: { reason: "reset", cause: "reset", outcome: "closed" }, next });
  });
});
