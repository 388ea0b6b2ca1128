import { describe, expect, test } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

describe("a lease", () => {
  test("should open a server once for all who ask at the same time (LP-09)", async () => {
    const { world, supervisor, run } = simulate({ files: presets.slowStart });
    const session = supervisor.session("chat");
    const lease = await session.acquire();

    const clients = await run(Promise.all([lease.client("files"), lease.client("files"), lease.client("files")]));

    expect(new Set(clients).size).toBe(1);
    expect(world.truth.events({ type: "open" })).toHaveLength(1);
  });

  test("should open only the server that is asked for", async () => {
    const { supervisor, run } = simulate({ files: {}, mail: {} });
    const session = supervisor.session("chat");

    await run(session.run((lease) => lease.client("mail")));

    expect(supervisor.inspect().sessions[0]?.connections.map(({ server }) => server)).toEqual(["mail"]);
  });

  test("should answer nothing once it is released", async () => {
    const { supervisor } = simulate({ files: {} });
    const lease = await supervisor.session("chat").acquire();
    lease.release();
    lease.release();
    await expect(lease.client("files")).rejects.toMatchObject({ code: "LEASE_RELEASED", session: "chat" });
  });

  test("should name the servers there are when asked for one there is not", async () => {
    const { supervisor } = simulate({ files: {}, mail: {} });
    const lease = await supervisor.session("chat").acquire();
    await expect(lease.client("male")).rejects.toThrow(/no such server; configured are: files, mail.*server "male"/);
  });

  test("should not hold back an end, however long it is held (LP-14)", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    await run(lease.client("files"));

    const receipt = await run(session.end());

    expect(receipt.outcome).toBe("closed");
    world.truth.assertNothingLeft();
    await expect(lease.client("files")).rejects.toMatchObject({ code: "SESSION_ENDED", state: "closed" });
  });

  test("should refuse an acquire in every state of an end, naming the state", async () => {
    const files = { ...presets.ignoresSigterm, calls: { answerMs: 1_000 } };
    const { world, supervisor, run } = simulate({ files });
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    await run(lease.client("files"));
    const call = lease.callTool("files", "echo");
    await world.clock.settle();
    const ended = session.end({ reason: "reset" });
    await expect(session.acquire()).rejects.toMatchObject({ code: "SESSION_ENDED", state: "reset.draining" });
    await run(call);
    await expect(session.acquire()).rejects.toMatchObject({ code: "SESSION_ENDED", state: "reset.disposing" });
    await run(ended);
    await expect(session.acquire()).rejects.toMatchObject({ code: "SESSION_ENDED", state: "closed" });
  });

  test("should list the stack of whoever holds it where that is asked for", async () => {
    const { supervisor } = simulate({ files: {} }, { traceLeases: true });
    await supervisor.session("chat").acquire();
    expect(supervisor.inspect().sessions[0]?.leases[0]?.acquiredBy).toContain("leases.test");
  });
});

describe("a catalogue", () => {
  test("should list every tool with its server, and a failure for each server that fails", async () => {
    const { supervisor, run } = simulate({ files: { tools: ["read", "write"] }, mail: presets.failsToInitialize });
    const catalog = await run(supervisor.session("chat").run((lease) => lease.catalog()));

    expect(catalog.tools.map(({ server, name }) => `${server}.${name}`)).toEqual(["files.read", "files.write"]);
    expect(catalog.failures["mail"]).toMatchObject({ code: "OPEN_FAILED", stage: "initialize", server: "mail" });
  });

  test("should be kept over a sleep, so that waking opens nothing (design: asleep)", async () => {
    const { world, supervisor, run } = simulate({ files: { tools: ["read"] } });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.catalog()));
    expect(await run(session.sleep())).toEqual({ slept: true });

    const { tools } = await run(session.run((lease) => lease.catalog()));

    expect(tools.map(({ name }) => name)).toEqual(["read"]);
    expect(world.truth.events({ type: "open" })).toHaveLength(1);
  });
});
