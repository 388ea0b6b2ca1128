import { describe, expect, test } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

const transport = { start: async () => {}, send: async () => {}, close: async () => {} };

describe("adopted transports", () => {
  test("should be told apart where nobody named them, and from generations to come", async () => {
    const { supervisor, run } = simulate();
    const session = await run(supervisor.adopt("chat", transport));
    await run(supervisor.adopt("chat", transport));
    const { connections } = await run(session.end());
    expect(new Set(connections.map(({ server }) => server)).size).toBe(2);
    const ids = [session.id, ...["chat", "other"].map((key) => supervisor.session(key).id)];
    expect(new Set(ids).size).toBe(3);
    expect(ids.every((id) => /#[1-9]\d*$/.test(id))).toBe(true);
  });

  test("should be over one by one", async () => {
    const { world, supervisor, run } = simulate();
    await run(supervisor.adopt("chat", transport, { server: "one" }));
    const session = await run(supervisor.adopt("chat", transport, { server: "two" }));
    world.crash(supervisor.inspect().sessions[0]?.connections.find(({ server }) => server === "one")?.id ?? "");
    await world.clock.advanceBy(10_000);
    await run(session.run((lease) => lease.client("two")));
    const gone = session.run((lease) => lease.client("one"));
    await expect(run(gone)).rejects.toMatchObject({ code: "UNKNOWN_SERVER" });
  });

  test("should be refused by a session that ends before they are open", async () => {
    const { world, supervisor, run } = simulate({ own: presets.neverInitializes }, { servers: {} });
    const adopted = supervisor.adopt("chat", transport, { server: "own" });
    const refused = expect(adopted).rejects.toMatchObject({ code: "SESSION_ENDED", session: "chat" });
    await world.clock.advanceBy(10);
    await run(supervisor.session("chat").end());
    await refused;
  });
});

describe("an adoption that failed", () => {
  test("should leave its name free where nothing could be started", async () => {
    const { supervisor, run } = simulate({}, { limits: { liveSessions: 1 } });
    const other = supervisor.session("other");
    await other.acquire();
    const adopt = () => run(supervisor.adopt("chat", transport, { server: "own" }));
    await expect(adopt()).rejects.toMatchObject({ code: "ADMISSION" });
    await run(other.end());
    await expect(adopt()).resolves.toBeDefined();
  });

  test("should leave alone who has taken its name meanwhile", async () => {
    const { supervisor, run } = simulate({ own: [presets.failsToInitialize, {}] }, { servers: {} });
    const second = new Promise<unknown>((resolve) => {
      const closed = supervisor.on("connection", ({ state }) => {
        if (state !== "closed") return;
        closed.dispose();
        queueMicrotask(() => resolve(supervisor.adopt("chat", transport, { server: "own" })));
      });
    });
    await expect(run(supervisor.adopt("chat", transport, { server: "own" }))).rejects.toMatchObject({
      code: "OPEN_FAILED",
    });
    await run(second);
    await run(supervisor.session("chat").run((lease) => lease.client("own")));
  });
});
