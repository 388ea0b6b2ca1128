import { describe, expect, test, vi } from "vitest";
import { ConnectionLostError } from "../../src/errors/index.js";
import { presets } from "../../src/testing/simulation/index.js";
import { fails, leased } from "./leased.js";
import { simulate } from "./simulated.js";

const place = { session: "chat", server: "files" };

describe("a call that fails", () => {
  test("should fail with the error that has a code, whatever happened meanwhile", async () => {
    const { lease, client } = await leased();
    const caller = new AbortController();
    const error = new ConnectionLostError("EPIPE", place);
    fails(client, error, () => caller.abort("changed my mind"));
    await expect(lease.callTool("files", "echo", {}, { signal: caller.signal })).rejects.toBe(error);
  });

  test("should say how its connection was lost, where that cut it and its tree is not gone yet", async () => {
    const { lease, client, world, supervisor } = await leased({ files: { tree: { children: [{ onEof: 5_000 }] } } });
    fails(client, new Error("closed"), async () => {
      world.crash(supervisor.custody.all()[0]?.id ?? "");
      await world.clock.advanceBy(10);
    });
    const call = lease.callTool("files", "echo");
    await expect(call).rejects.toMatchObject({ code: "CONNECTION_LOST", ...place });
  });

  test("should say that its connection is closing, where that cut it and its tree is not gone yet", async () => {
    const { lease, client, world, supervisor } = await leased({ files: presets.ignoresSigterm });
    const error = new Error("closed");
    fails(client, error, async () => {
      supervisor.reload({ files: { command: "virtual", args: ["--new"] } });
      await world.clock.advanceBy(100);
    });
    const call = lease.callTool("files", "echo");
    await expect(call).rejects.toMatchObject({ code: "CALL_ABORTED", ...place, cause: error });
    expect(world.truth.liveProcesses()).toHaveLength(1);
  });
});

describe("a lease whose session wakes while its former runtime is closing", () => {
  async function woken() {
    const made = await leased({ files: presets.exitsLate, mail: {} });
    made.lease.release();
    void made.session.sleep();
    return { ...made, lease: await made.session.acquire() };
  }

  test("should be refused a server that there is not at once", async () => {
    const { lease, world } = await woken();
    const refused = expect(lease.client("web")).rejects.toMatchObject({ code: "UNKNOWN_SERVER", server: "web" });
    await refused;
    expect(world.truth.liveProcesses(), "the former one is still there").toHaveLength(1);
  });

  test("should be given a catalogue of all servers when that is gone", async () => {
    const { lease, run } = await woken();
    const { tools, failures } = await run(lease.catalog());
    expect(tools.map(({ server }) => server)).toEqual(["files", "mail"]);
    expect(failures).toEqual({});
  });
});

describe("a lease that outlives its session", () => {
  test("should be given no catalogue, though all tools are known", async () => {
    const { world, lease, session, run } = await leased({ files: presets.neverAnswersCalls });
    await run(lease.catalog());
    lease.callTool("files", "echo").catch(() => undefined);
    await world.clock.settle();
    const ended = session.end();
    expect(session.state).toBe("ended.draining");
    await expect(lease.catalog()).rejects.toMatchObject({ code: "SESSION_ENDED", session: "chat" });
    await run(ended);
    await expect(lease.catalog()).rejects.toMatchObject({ code: "SESSION_ENDED", state: "closed" });
  });

  test("should be returned without a word", async () => {
    const { lease, session, run } = await leased();
    await run(session.end());
    const warned = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    lease.release();
    expect(warned).not.toHaveBeenCalled();
    warned.mockRestore();
  });
});

describe("a lease", () => {
  test("should be returned at the end of its scope", async () => {
    const { lease, session } = await leased();
    {
      await using scoped = lease;
      expect(scoped.session.state).toBe("active.live.busy");
    }
    expect(session.state).toBe("active.live.idle");
  });

  test("should not fail a one-shot session by being returned", async () => {
    const { supervisor, run } = simulate({ files: {} });
    const session = supervisor.session("cron", { oneShot: true });
    (await session.acquire()).release();
    expect(await run(session.ended)).toMatchObject({ reason: "ended", cause: "run-end" });
  });
});
