import { describe, expect, test } from "vitest";
import { parseServers } from "../../src/config/index.js";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

const virtual = { command: "virtual" };

describe("an end", () => {
  test("should give a server that a reload removed its graces, and not report it as leaked meanwhile (I13)", async () => {
    const { supervisor, run } = simulate({ files: presets.ignoresSigterm });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    supervisor.reload({});
    const receipt = await run(session.end());
    expect(receipt.outcome).toBe("closed");
  });

  test("should begin killing early enough for its deadline, also for a server that a reload removed (design, end 5)", async () => {
    const { world, supervisor, run } = simulate({ files: { ...presets.ignoresSigterm, ...presets.neverAnswersCalls } });
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    await run(lease.client("files"));
    lease.callTool("files", "echo").catch(() => undefined);
    await world.clock.settle();
    supervisor.reload({});
    const receipt = await run(session.end({ deadlineMs: 900 }));
    expect(receipt.outcome).toBe("closed");
  });

  test("should reject an acquire that still waits for the servers function (design, end 1)", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("chat", { servers: () => new Promise(() => undefined) });
    let outcome = "pending";
    session.acquire().then(
      () => (outcome = "leased"),
      (error: { code: string }) => (outcome = error.code),
    );
    await run(session.end());
    await world.clock.advanceBy(60_000);
    expect(outcome).toBe("SESSION_ENDED");
  });

  test("should refuse a reason that is none, rather than never settle", async () => {
    const { world, supervisor } = simulate({ files: {} });
    const session = supervisor.session("chat");
    let outcome = "pending";
    session.end({ reason: "deleted" as never }).then(
      () => (outcome = "ended"),
      (error: { code: string }) => (outcome = error.code),
    );
    await world.clock.advanceBy(600_000);
    expect(outcome).not.toBe("pending");
  });

  test("should leave the key with the session when a reset is refused", async () => {
    const { supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    await expect(session.reset({ deadlineMs: -1 })).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    expect(session.state).toBe("active.live.idle");
    expect(supervisor.session("chat")).toBe(session);
  });

  test("should pass its options on to the next generation, also when it is closed already", async () => {
    const { supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("chat", { servers: { mine: virtual }, oneShot: true });
    await run(session.end());
    const { next } = await run(session.reset());
    await run(next.run(async (lease) => expect(await lease.client("mine")).toBeDefined()));
  });

  test("should come by its deadline by the clock, whatever order timers of the same moment fire in (I9)", async () => {
    for (let seed = 0; seed < 30; seed += 1) {
      const { world, supervisor, run } = simulate(
        { files: { ...presets.ignoresSigterm, ...presets.neverAnswersCalls } },
        { world: { seed } },
      );
      supervisor.reload(parseServers({ files: { ...virtual, lifecycle: { verifyMs: 0 } } }));
      const session = supervisor.session("chat");
      const lease = await session.acquire();
      await run(lease.client("files"));
      lease.callTool("files", "echo").catch(() => undefined);
      await world.clock.settle();
      const before = world.clock.now();
      await run(session.end({ deadlineMs: 1_000 }));
      expect(world.clock.now() - before, `seed ${seed}`).toBeLessThanOrEqual(1_000);
    }
  });

  test("should be one when it is asked for within its own run, and when acquired in the same tick", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("chat");
    const receipt = await run(
      session.run(async (lease) => {
        await lease.client("files");
        return session.end();
      }),
    );
    expect(receipt.outcome).toBe("closed");
    const next = supervisor.session("chat");
    const acquired = next.acquire();
    const ended = next.end();
    const late = next.acquire();
    await expect(late).rejects.toMatchObject({ code: "SESSION_ENDED" });
    await acquired;
    await run(ended);
    world.truth.assertNothingLeft();
  });
});

describe("a servers function", () => {
  test("should be asked again after it gave something that is no configuration", async () => {
    const { supervisor, run } = simulate({ files: {} });
    let servers: object = { files: { command: "" } };
    const session = supervisor.session("chat", { servers: () => servers as never });
    await expect(session.acquire()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    servers = { files: virtual };
    const lease = await session.acquire();
    await expect(run(lease.client("files"))).resolves.toBeDefined();
  });

  test("should not have its newer answer replaced by an older one that came late", async () => {
    const { supervisor, run } = simulate({ old: {}, new: {} });
    const answers: ((servers: object) => void)[] = [];
    const session = supervisor.session("chat", {
      servers: () => new Promise((resolve) => answers.push(resolve as (servers: object) => void)),
    });
    const acquiring = session.acquire();
    answers[0]?.({ first: virtual });
    const lease = await run(acquiring);
    supervisor.reload({});
    supervisor.reload({});
    answers[2]?.({ new: virtual });
    await run(Promise.resolve());
    answers[1]?.({ old: virtual });
    await run(Promise.resolve());
    await expect(run(lease.client("new"))).resolves.toBeDefined();
  });
});

describe("a call", () => {
  test("should be given up at once when its caller aborts it while the server still opens (LP-21)", async () => {
    const { world, supervisor } = simulate({ files: presets.neverInitializes });
    const lease = await supervisor.session("chat").acquire();
    const controller = new AbortController();
    let outcome = "pending";
    lease.callTool("files", "echo", {}, { signal: controller.signal }).then(
      () => (outcome = "answered"),
      (error: { code: string }) => (outcome = error.code),
    );
    await world.clock.advanceBy(10);
    controller.abort();
    await world.clock.advanceBy(10);
    expect(outcome).toBe("CALL_ABORTED");
  });
});

describe("an adopted transport", () => {
  const transport = { start: async () => {}, send: async () => {}, close: async () => {} };

  test("should have one life: lost, it is not adopted a second time (LP-20, LP-33)", async () => {
    const { world, supervisor, run } = simulate({});
    const session = await run(supervisor.adopt("chat", transport, { server: "own", pid: 4_711 }));
    world.crash(supervisor.inspect().sessions[0]?.connections[0]?.id ?? "");
    await world.clock.advanceBy(120_000);
    expect(world.truth.events({ type: "open" })).toHaveLength(1);
    await run(session.end());
  });

  test("should not be adopted a second time after a sleep", async () => {
    const { world, supervisor, run } = simulate({});
    const session = await run(supervisor.adopt("chat", transport, { server: "own", pid: 4_711 }));
    await run(session.sleep());
    await run(session.run((lease) => lease.client("own"))).catch(() => undefined);
    expect(world.truth.events({ type: "open" })).toHaveLength(1);
  });
});

describe("adopting under a name that is taken", () => {
  test("should be refused, and leave what has the name alone", async () => {
    const { supervisor, run } = simulate({ files: {} });
    const transport = { start: async () => {}, send: async () => {}, close: async () => {} };
    const session = supervisor.session("chat");
    const lease = await run(session.acquire());
    const client = await run(lease.client("files"));
    await expect(run(supervisor.adopt("chat", transport, { server: "files" }))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      field: "options.server",
    });
    expect(await run(lease.client("files"))).toBe(client);
    lease.release();
    expect((await run(session.end())).connections).toMatchObject([{ server: "files", outcome: "closed" }]);
  });
});

describe("listeners", () => {
  test("should be able to ask for the session they are told of", async () => {
    const { supervisor } = simulate({ files: {} });
    supervisor.on("session", ({ key }) => void supervisor.session(key));
    const session = supervisor.session("chat");
    expect(supervisor.session("chat")).toBe(session);
    expect(supervisor.inspect().sessions).toHaveLength(1);
  });

  test("should harm nobody when one is async and rejects (LP-51)", async () => {
    const { supervisor, run } = simulate({ files: {} });
    const unhandled: unknown[] = [];
    const collect = (reason: unknown) => unhandled.push(reason);
    const former = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", collect);
    try {
      // oxlint-disable-next-line typescript/no-misused-promises -- a listener that is async is what is tried
      supervisor.on("receipt", async () => {
        await Promise.resolve();
        throw new Error("a listener's own");
      });
      await run(supervisor.session("chat").end());
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).toEqual([]);
    } finally {
      process.off("unhandledRejection", collect);
      for (const listener of former) process.on("unhandledRejection", listener);
    }
  });

  test("should be told that a connection is closing", async () => {
    const { supervisor, run } = simulate({ files: {} });
    const states: string[] = [];
    supervisor.on("connection", ({ state }) => states.push(state));
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    await run(session.end());
    expect(states).toEqual(["opening", "open", "closing", "closed"]);
  });
});

test("should count no stir of a connection that is gone (LP-55)", async () => {
  const { world, supervisor, run } = simulate({ files: presets.ignoresSigterm });
  for (let round = 0; round < 5; round += 1) {
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    await run(session.end());
  }
  await world.clock.advanceBy(10_000);
  const ids = world.transportFactory.created.map(({ request }) => request.connectionId);
  expect(ids.map((id) => supervisor.custody.stirring.count(id))).toEqual(ids.map(() => 0));
});

describe("a helper that hides its origin", () => {
  test("should be ended though its leader dies by itself, once a look has seen it", async () => {
    const { world, supervisor, run } = simulate({ files: presets.shedsCookie });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    const { id = "" } = supervisor.inspect().sessions[0]?.connections[0] ?? {};
    expect(world.truth.liveProcesses(id)).toHaveLength(2);
    // The opening costs no look; half a second later it is taken.
    await world.clock.advanceBy(600);
    world.crash(id);
    await world.clock.advanceBy(20_000);
    expect(world.truth.liveProcesses(id)).toEqual([]);
    await run(session.end());
  });
});

describe("a session that wakes while its former runtime is closing", () => {
  test("should open what is asked for meanwhile as soon as that is gone (I11, I15)", async () => {
    const { world, supervisor, run } = simulate({ files: presets.exitsLate });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    const slept = session.sleep();
    const lease = await session.acquire();
    const client = lease.client("files");
    expect(world.truth.liveProcesses()).toHaveLength(1);
    await run(slept);
    await expect(run(client)).resolves.toBeDefined();
    world.truth.assertNoViolations();
    await run(session.end());
  });
});
