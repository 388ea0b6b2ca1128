import { describe, expect, test } from "vitest";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

describe("the limit of live sessions", () => {
  test("should count a sleeper until its former runtime is gone (I8)", async () => {
    const { supervisor, run } = simulate({ files: presets.exitsLate });
    const live = () => supervisor.inspect().admission.liveSessions;
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    expect(live()).toBe(1);
    const slept = session.sleep();
    expect([session.state, live()]).toEqual(["active.asleep", 1]);
    await run(slept);
    expect([session.state, live()]).toEqual(["active.asleep", 0]);
    await run(session.run(() => undefined));
    expect(live()).toBe(1);
    await run(session.end());
    expect(live()).toBe(0);
  });
});

describe("a session asked to sleep a second time", () => {
  test("should say that it slept when the runtime of this time is gone, though that of the first one leaked", async () => {
    const { world, supervisor, run } = simulate({ files: presets.unkillable, mail: presets.exitsLate });
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    await run(session.sleep());
    await run(session.run((lease) => lease.client("mail")));
    expect(world.truth.liveProcesses()).toHaveLength(2);
    expect(await run(session.sleep())).toEqual({ slept: true });
    expect(world.truth.liveProcesses(), "the leaked one").toHaveLength(1);
  });
});

describe("a key", () => {
  test("should be served by a new generation while the former one must retire", async () => {
    const { supervisor } = simulate({ files: {} });
    const former = supervisor.session("chat");
    await former.acquire();
    former.retire({ required: true });
    expect(former.state).toBe("active.live.retiring.required");
    expect(supervisor.session("chat")).not.toBe(former);
  });

  test("should be bound anew, whether somebody had it or not, and be refused by the former one from then on", async () => {
    const { supervisor } = simulate({ files: {} });
    const former = supervisor.rebind("chat");
    await former.acquire();
    const next = supervisor.rebind("chat");
    expect(supervisor.session("chat")).toBe(next);
    await expect(former.acquire()).rejects.toMatchObject({ code: "SESSION_ENDED" });
  });

  test("should stay with the generation that serves it when a former one is reset", async () => {
    const { supervisor, run } = simulate({ files: {} });
    const former = supervisor.session("chat");
    const current = supervisor.rebind("chat");
    expect((await run(former.reset())).next).toBe(current);
    expect(supervisor.session("chat")).toBe(current);
  });
});

describe("children", () => {
  test("should have what time their parent has (LP-16)", async () => {
    const { supervisor, run } = simulate({ files: presets.ignoresEof });
    const parent = supervisor.session("parent");
    const child = supervisor.session("child", { parent });
    await run(child.run((lease) => lease.client("files")));
    void parent.end({ deadlineMs: 30_000 });
    const { connections } = await run(child.ended);
    expect(connections).toMatchObject([{ means: "SIGTERM", outcome: "closed" }]);
  });

  test("should not end while their parent goes on, whatever that does", async () => {
    const { supervisor, run } = simulate({ files: {} });
    const parent = supervisor.session("parent");
    const child = supervisor.session("child", { parent });
    await run(parent.run((lease) => lease.client("files")));
    await run(parent.sleep());
    expect(child.state).toBe("active.dormant");
  });
});

describe("a shutdown", () => {
  test("should open nothing for sessions that have not ended yet when the first does (LP-22, I4)", async () => {
    const { supervisor, run } = simulate({ files: {} });
    const first = supervisor.session("first");
    const lease = await supervisor.session("second").acquire();
    const opened: string[] = [];
    supervisor.on("connection", ({ state }) => opened.push(state));
    supervisor.on("session", ({ key, state }) => {
      if (key === first.key && state.startsWith("ended")) lease.client("files").catch(() => undefined);
    });
    await run(supervisor.shutdown());
    expect(opened).toEqual([]);
  });
});
