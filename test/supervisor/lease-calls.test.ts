import { describe, expect, test, vi } from "vitest";
import { safeLogger } from "../../src/supervisor/safe-logger.js";
import { presets } from "../../src/testing/simulation/index.js";
import { fails, leased } from "./leased.js";
import { simulate } from "./simulated.js";

const place = { session: "chat", server: "files" };

describe("a call on a lease", () => {
  test("should be the client's call, with the lease's own limit of time", async () => {
    const { lease, client, run } = await leased();
    const onprogress = () => undefined;
    const called = vi.spyOn(client, "callTool");
    await run(lease.callTool("files", "echo", { message: "hi" }, { onprogress }));
    await run(lease.callTool("files", "echo"));
    const options = { signal: expect.any(AbortSignal), timeout: 2 ** 31 - 1 };
    expect(called.mock.calls).toEqual([
      [{ name: "echo", arguments: { message: "hi" } }, undefined, { ...options, onprogress }],
      [{ name: "echo", arguments: {} }, undefined, options],
    ]);
  });

  test("should fail with the client's own error where nothing was cut", async () => {
    const { lease, client } = await leased();
    const error = new RangeError("no such tool");
    fails(client, error);
    await expect(lease.callTool("files", "echo")).rejects.toBe(error);
  });

  test("should say that its caller gave it up, and why", async () => {
    const { lease, client } = await leased();
    const caller = new AbortController();
    fails(client, new Error("AbortError"), () => caller.abort("changed my mind"));
    const call = lease.callTool("files", "echo", {}, { signal: caller.signal });
    await expect(call).rejects.toMatchObject({ code: "CALL_ABORTED", ...place, cause: "changed my mind" });
  });

  test("should start nothing for a caller that has given up already", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const lease = await supervisor.session("chat").acquire();
    const call = lease.callTool("files", "echo", {}, { signal: AbortSignal.abort("too late") });
    await expect(run(call)).rejects.toMatchObject({ code: "CALL_ABORTED", ...place, cause: "too late" });
    expect(world.truth.events({ type: "open" })).toEqual([]);
  });

  test("should say that the session ended where that cut it", async () => {
    const { lease, client, session, run } = await leased();
    fails(client, new Error("closed"), () => session.end());
    await expect(run(lease.callTool("files", "echo"))).rejects.toMatchObject({
      code: "SESSION_ENDED",
      session: "chat",
    });
  });

  test("should say that its connection was closed where that cut it", async () => {
    const error = new Error("closed");
    const replaced = await leased();
    fails(replaced.client, error, async () => {
      replaced.supervisor.reload({ files: { command: "virtual", args: ["--new"] } });
      await replaced.world.clock.advanceBy(30_000);
    });
    const call = replaced.lease.callTool("files", "echo");
    await expect(call).rejects.toMatchObject({ code: "CALL_ABORTED", ...place, cause: error });
  });

  test("should name the servers that there are where it asks for one that is not", async () => {
    const { lease, run } = await leased({ files: {}, mail: {} });
    const call = run(lease.callTool("web", "echo"));
    await expect(call).rejects.toMatchObject({ code: "UNKNOWN_SERVER", session: "chat", server: "web" });
    await expect(run(lease.client("web"))).rejects.toThrow(/files, mail/);
  });
});

describe("a lease that is returned", () => {
  test("should be returned at the end of its scope, once, and serve nobody after that", async () => {
    const { lease, session, run } = await leased();
    const other = await session.acquire();
    {
      await using scoped = lease;
      expect(scoped).not.toBe(other);
    }
    lease.release();
    expect(session.state).toBe("active.live.busy");
    await expect(run(lease.client("files"))).rejects.toMatchObject({ code: "LEASE_RELEASED", session: "chat" });
    other.release();
    expect(session.state).toBe("active.live.idle");
  });
});

describe("a catalogue", () => {
  test("should be refused by a session that ends while it is made", async () => {
    const { supervisor, session, lease, run } = await leased({ files: {}, mail: presets.slowStart });
    expect(supervisor.inspect().sessions[0]?.connections).toHaveLength(1);
    const catalogue = expect(lease.catalog()).rejects.toMatchObject({ code: "SESSION_ENDED" });
    await run(session.end());
    await catalogue;
  });
});

describe("a session asked to sleep", () => {
  test("should say where it was asked when it may not, and that it slept when its processes are gone", async () => {
    const { world, session, lease, run } = await leased({
      files: { ...presets.ignoresEof, calls: { answerMs: 3_000 } },
    });
    expect(await session.sleep()).toEqual({ slept: false, state: "active.live.busy" });
    const call = lease.callTool("files", "echo");
    await world.clock.settle();
    lease.release();
    expect(await session.sleep()).toEqual({ slept: false, state: "active.live.idle" });
    await run(call);
    expect(await run(session.sleep())).toEqual({ slept: true });
    expect(world.truth.liveProcesses()).toEqual([]);
  });
});

describe("the receipt of an end", () => {
  test("should be frozen, and all that it lists", async () => {
    const { session, run } = await leased();
    const receipt = await run(session.end({ reason: "reset" }));
    expect(receipt).toMatchObject({ id: session.id, reason: "reset", cause: "reset", recovers: undefined });
    const [connection] = receipt.connections;
    for (const part of [receipt, receipt.connections, connection, connection?.phases, connection?.survivors])
      expect(Object.isFrozen(part)).toBe(true);
  });

  test("should name the one whose leak it resolves", async () => {
    const { world, supervisor, session, run } = await leased({ files: presets.unkillable });
    const recovered: unknown[] = [];
    supervisor.on("recovered", (receipt) => recovered.push(receipt));
    const first = await run(session.end());
    expect(first).toMatchObject({ id: session.id, outcome: "leaked", cause: "unknown" });
    world.processes.thaw();
    await world.clock.advanceBy(120_000);
    expect(recovered).toMatchObject([{ id: `${first.id}/recovered`, recovers: first.id, outcome: "closed" }]);
  });
});

describe("a logger", () => {
  test("should be told everything, and harm nobody when it throws", () => {
    const lines: unknown[] = [];
    const logger = safeLogger({
      debug: (...line) => lines.push(line),
      info: (...line) => lines.push(line),
      warn: (...line) => lines.push(line),
      error: () => {
        throw new Error("disk full");
      },
    });
    logger.debug({ a: 1 }, "one");
    logger.info({ b: 2 }, "two");
    logger.warn({ c: 3 }, "three");
    logger.error({ d: 4 }, "four");
    expect(lines).toEqual([
      [{ a: 1 }, "one"],
      [{ b: 2 }, "two"],
      [{ c: 3 }, "three"],
    ]);
  });
});
