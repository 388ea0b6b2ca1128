import { describe, expect, test } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

const virtual = { command: "virtual" };

describe("a server that dies", () => {
  test("should be restarted with back-off, once its old tree is proved gone (LP-23, I11)", async () => {
    const { world, supervisor, run } = simulate({ files: [presets.grandchild, {}] });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.client("files"));
    world.crash("chat#1/r1/files.1");
    await world.clock.settle();
    await run(lease.callTool("files", "echo"));
    const [first, second] = world.truth.events({ type: "open" });
    const disposed = world.truth.events({ type: "dispose" })[0]?.atMs ?? Number.NaN;
    expect(disposed - (first?.atMs ?? 0)).toBeGreaterThan(0);
    expect(second?.atMs).toBe(disposed + 500);
    world.truth.assertNoViolations();
  });

  test("again and again should be given up, and say so (LP-23)", async () => {
    const { world, supervisor, run } = simulate({ files: { tree: { exitsAfterMs: 100, exit: { code: 1 } } } });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.client("files"));
    await world.clock.advanceBy(55_000);
    expect(world.truth.events({ type: "open" })).toHaveLength(6);
    await expect(run(lease.client("files"))).rejects.toMatchObject({ code: "RESTART_LIMIT", server: "files" });
    await run(supervisor.shutdown());
    world.truth.assertNothingLeft();
  });

  test("should not be restarted where restart is off, but opened at its next use", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    supervisor.reload({ files: { ...virtual, lifecycle: { restart: false } } });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.client("files"));
    world.crash("chat#1/r1/files.1");
    await world.clock.advanceBy(60_000);
    expect(world.truth.events({ type: "open" })).toHaveLength(1);
    await run(lease.client("files"));
    expect(world.truth.events({ type: "open" })).toHaveLength(2);
  });

  test("should say what failed to whoever asked for a server that was required", async () => {
    const { supervisor, run } = simulate({ files: presets.failsToInitialize });
    supervisor.reload({ files: { ...virtual, lifecycle: { required: true } } });
    const session = supervisor.session("chat");
    await expect(run(session.run((lease) => lease.client("files")))).rejects.toMatchObject({
      code: "SESSION_ENDED",
      cause: { code: "OPEN_FAILED", stage: "initialize" },
    });
    await run(session.ended);
  });

  test("should end the session as errored if it is required and cannot be opened again", async () => {
    const { world, supervisor, run } = simulate({ files: [{}, presets.failsToInitialize] });
    supervisor.reload({ files: { ...virtual, lifecycle: { required: true } } });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    world.crash("chat#1/r1/files.1");
    expect(await run(session.ended)).toMatchObject({ reason: "errored", cause: "server-required", outcome: "closed" });
    world.truth.assertNothingLeft();
  });
});

describe("a server that cannot be opened", () => {
  test("should be reported when what it started is gone (LP-19)", async () => {
    const { world, supervisor, run } = simulate({ files: { ...presets.ignoresSigterm, ...presets.neverInitializes } });
    supervisor.reload({ files: { ...virtual, lifecycle: { connectTimeoutMs: 1_000 } } });
    const lease = await supervisor.session("chat").acquire();
    await expect(run(lease.client("files"))).rejects.toMatchObject({ code: "CONNECT_TIMEOUT", server: "files" });
    expect(world.truth.liveProcesses()).toEqual([]);
    expect(world.clock.now()).toBe(5_000);
  });

  test("should answer with its failure during back-off, and be tried again after it", async () => {
    const { world, supervisor, run } = simulate({ files: [presets.failsToList, {}] });
    const lease = await supervisor.session("chat").acquire();
    await expect(run(lease.client("files"))).rejects.toMatchObject({ code: "OPEN_FAILED", stage: "list" });
    await expect(run(lease.client("files"))).rejects.toMatchObject({ code: "OPEN_FAILED", stage: "list" });
    await world.clock.advanceBy(500);
    await expect(run(lease.client("files"))).resolves.toBeDefined();
    expect(world.truth.events({ type: "open" })).toHaveLength(2);
  });

  test("should harm no other waiter when one session ends (LP-21)", async () => {
    const { world, supervisor, run } = simulate({ files: presets.slowStart });
    const ending = supervisor.session("one");
    const refused = expect((await ending.acquire()).client("files")).rejects.toMatchObject({ code: "SESSION_ENDED" });
    const other = (await supervisor.session("two").acquire()).client("files");
    await world.clock.advanceBy(10);
    await run(ending.end());
    await refused;
    await expect(run(other)).resolves.toBeDefined();
  });
});

describe("a server that leaked", () => {
  test("should not be started a second time before the proof, while others go on (I11)", async () => {
    const { world, supervisor, run } = simulate({ files: [presets.unkillable, {}], mail: {} });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.catalog()));
    expect(await run(session.sleep())).toEqual({ slept: true });

    const lease = await session.acquire();
    await expect(run(lease.client("files"))).rejects.toMatchObject({ code: "SERVER_LEAKED" });
    await expect(run(lease.client("mail"))).resolves.toBeDefined();

    world.processes.thaw();
    await world.clock.advanceBy(120_000);
    await expect(run(lease.client("files"))).resolves.toBeDefined();
    world.truth.assertNoViolations();
  });
});

describe("a reload", () => {
  test("should replace exactly what changed, and leave the rest its process (LP-10)", async () => {
    const { world, supervisor, run } = simulate({ files: {}, mail: {}, web: {} });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.catalog());
    const pidOf = (server: string) =>
      supervisor.inspect().sessions[0]?.connections.find((connection) => connection.server === server)?.pid;
    const before = { files: pidOf("files"), mail: pidOf("mail") };

    supervisor.reload({ files: virtual, mail: { ...virtual, args: ["--new"] } });
    await run(lease.client("mail"));
    await world.clock.advanceBy(1_000);

    expect(pidOf("files")).toBe(before.files);
    expect(pidOf("mail")).not.toBe(before.mail);
    expect(pidOf("web")).toBeUndefined();
    await expect(lease.client("web")).rejects.toMatchObject({ code: "UNKNOWN_SERVER" });
  });

  test("should let calls on a replaced server finish (I5)", async () => {
    const { world, supervisor, run } = simulate({ files: { calls: { answerMs: 2_000 } } });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.client("files"));
    const call = lease.callTool("files", "echo");
    await world.clock.settle();
    supervisor.reload({ files: { ...virtual, args: ["--new"] } });
    await expect(run(call)).resolves.toBeDefined();
    await run(lease.client("files"));
    expect(world.truth.events({ type: "open" })).toHaveLength(2);
  });

  test("should change nothing and name the field when the configuration is wrong", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.client("files"));
    expect(() => supervisor.reload({ files: { command: "" } })).toThrow(/servers\.files\.command/);
    await world.clock.advanceBy(1_000);
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });

  test("should ask a servers function again", async () => {
    const { supervisor, run } = simulate({ files: {} });
    let args = ["--one"];
    const session = supervisor.session("chat", { servers: () => Promise.resolve({ files: { ...virtual, args } }) });
    const lease = await session.acquire();
    const first = await run(lease.client("files"));
    args = ["--two"];
    supervisor.reload({});
    await run(Promise.resolve());
    expect(await run(lease.client("files"))).not.toBe(first);
  });
});

describe("a servers function", () => {
  test("should be asked once by all who wait for its first answer (LP-09)", async () => {
    const { supervisor, run } = simulate({ files: {} });
    let asked = 0;
    const session = supervisor.session("chat", {
      servers: () => {
        asked += 1;
        return Promise.resolve({ files: virtual });
      },
    });
    await run(Promise.all([session.acquire(), session.acquire(), session.acquire()]));
    expect(asked).toBe(1);
  });

  test("should fail on reload without harm: what it gave before goes on, and no rejection is unobserved (LP-51)", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    let fails = false;
    const session = supervisor.session("chat", {
      servers: () => (fails ? Promise.reject(new RangeError("no tenant")) : Promise.resolve({ files: virtual })),
    });
    const lease = await session.acquire();
    const client = await run(lease.client("files"));
    fails = true;
    supervisor.reload({});
    await world.clock.settle();
    expect(await run(lease.client("files"))).toBe(client);
  });

  test("should be told for whom, and its failure reject the acquire, not the session", async () => {
    const { supervisor, run } = simulate({ files: {} });
    let fails = true;
    const session = supervisor.session("chat", {
      tags: { tenant: "acme" },
      servers: ({ tags }) => {
        if (fails) throw new RangeError("no tenant");
        return { [tags["tenant"] ?? ""]: virtual };
      },
    });
    await expect(session.acquire()).rejects.toThrow("no tenant");
    fails = false;
    await run(session.run((lease) => lease.client("acme")));
  });
});
