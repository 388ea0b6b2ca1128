import { describe, expect, onTestFinished, test, vi } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

describe("a call", () => {
  test("in flight should finish before its session is disposed (LP-08)", async () => {
    const { world, supervisor, run } = simulate({ files: { calls: { answerMs: 3_000 } } });
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    await run(lease.client("files"));
    const call = lease.callTool("files", "echo", { message: "hi" });
    await world.clock.settle();

    const receipt = await run(session.end());

    await expect(call).resolves.toBeDefined();
    expect(receipt.connections[0]).toMatchObject({ abortedCalls: 0, outcome: "closed" });
  });

  test("in flight on one server should not be cut when those on another have finished (I5)", async () => {
    const { world, supervisor, run } = simulate({
      files: { calls: { answerMs: 1_000 } },
      web: { calls: { answerMs: 3_000 } },
    });
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    await run(Promise.all([lease.client("files"), lease.client("web")]));
    const calls = [lease.callTool("files", "echo"), lease.callTool("web", "echo")];
    await world.clock.settle();

    const receipt = await run(session.end());

    await expect(Promise.all(calls)).resolves.toHaveLength(2);
    expect(receipt.connections.map(({ abortedCalls }) => abortedCalls)).toEqual([0, 0]);
  });

  test("in flight on one server should keep a session from being idle when those on another have finished (LP-07)", async () => {
    const { world, supervisor, run } = simulate({
      files: { calls: { answerMs: 1_000 } },
      web: { calls: { answerMs: 9_000 } },
    });
    const session = supervisor.session("chat", { idleTimeoutMs: 2_000 });
    const lease = await session.acquire();
    await run(Promise.all([lease.client("files"), lease.client("web")]));
    const call = lease.callTool("web", "echo");
    await run(lease.callTool("files", "echo"));
    lease.release();

    await expect(run(call)).resolves.toBeDefined();

    expect(session.state).toBe("active.live.idle");
    await run(session.ended);
    expect(world.clock.now()).toBe(11_000);
  });

  test("cut with a connection that was replaced should end the draining of its session, between the machines' steps", async () => {
    const warned = vi.spyOn(console, "warn");
    onTestFinished(() => warned.mockRestore());
    const { world, supervisor, run } = simulate({ files: presets.neverAnswersCalls });
    const session = supervisor.session("chat", { drainMs: 10_000 });
    const lease = await session.acquire();
    await run(lease.client("files"));
    const cut = expect(lease.callTool("files", "echo")).rejects.toMatchObject({ code: "SESSION_ENDED" });
    await world.clock.settle();
    session.reload({ files: { command: "virtual", args: ["--changed"] } });
    await world.clock.advanceBy(4_000);

    const receipt = await run(session.end());

    await cut;
    expect(receipt.endedAt - receipt.startedAt).toBeLessThan(8_000);
    // XState's word on a machine that takes a step within an action of another.
    expect(warned).not.toHaveBeenCalled();
  });

  test("that does not finish should be aborted at the drain limit, and say that the session ended", async () => {
    const { world, supervisor, run } = simulate({ files: presets.neverAnswersCalls });
    const session = supervisor.session("chat", { drainMs: 1_000 });
    const lease = await session.acquire();
    await run(lease.client("files"));
    const call = lease.callTool("files", "echo");
    const failed = expect(call).rejects.toMatchObject({ code: "SESSION_ENDED", session: "chat" });
    await world.clock.settle();
    const before = world.clock.now();

    const receipt = await run(session.end());

    await failed;
    expect(receipt.connections[0]?.abortedCalls).toBe(1);
    expect(world.clock.now() - before).toBe(1_000);
  });

  test("should be refused at once after the end began, on a client that was kept (LP-08)", async () => {
    const { world, supervisor, run } = simulate({ files: presets.neverAnswersCalls });
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    const client = await run(lease.client("files"));
    client.callTool({ name: "echo" }).catch(() => undefined);
    await world.clock.settle();
    const ended = session.end();

    await expect(client.callTool({ name: "echo" })).rejects.toMatchObject({ code: "SESSION_ENDED" });
    await run(ended);
  });

  test("should time out by its own limit, which progress does not renew (LP-53)", async () => {
    const { world, supervisor, run } = simulate({ files: presets.onlyProgress });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.client("files"));
    let progressed = 0;
    const before = world.clock.now();

    const call = lease.callTool("files", "echo", {}, { timeoutMs: 5_500, onprogress: () => (progressed += 1) });

    await expect(run(call)).rejects.toMatchObject({ code: "CALL_TIMEOUT", session: "chat", server: "files" });
    expect(progressed).toBe(5);
    expect(world.clock.now() - before).toBe(5_500);
  });

  test("should be aborted by its caller's signal, and only it", async () => {
    const { world, supervisor, run } = simulate({ files: presets.neverAnswersCalls });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.client("files"));
    const controller = new AbortController();
    const aborted = lease.callTool("files", "echo", {}, { signal: controller.signal });
    const other = lease.callTool("files", "echo", {}, { timeoutMs: 10_000 });
    const failed = expect(aborted).rejects.toMatchObject({ code: "CALL_ABORTED" });
    await world.clock.settle();

    controller.abort();

    await failed;
    await expect(run(other)).rejects.toMatchObject({ code: "CALL_TIMEOUT" });
  });

  test("should be told when its server dies, and is not replayed (LP-42)", async () => {
    const { world, supervisor, run } = simulate({ files: { ...presets.neverAnswersCalls } });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.client("files"));
    const failed = expect(lease.callTool("files", "echo")).rejects.toMatchObject({ code: "CONNECTION_LOST" });
    await world.clock.settle();

    world.crash(supervisor.inspect().sessions[0]?.connections[0]?.id ?? "");

    await world.clock.advanceBy(100);
    await failed;
  });
});
