import { describe, expect, test, vi } from "vitest";
import { noRecovery, type Recovery } from "../../src/ports/index.js";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

describe("a server that says that its tools changed", () => {
  test("should be asked for them once more, however often it says so while it is asked", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const lease = await supervisor.session("chat").acquire();
    await run(lease.client("files"));
    const record = supervisor.custody.all()[0];
    if (record === undefined) throw new TypeError("it is not in custody");
    let tools = [{ name: "one" }];
    const listed = vi.spyOn(record.handle, "listTools").mockImplementation(() => Promise.resolve(tools as never));
    world.transportFactory.announceToolsChanged("files");
    tools = [{ name: "two" }];
    world.transportFactory.announceToolsChanged("files");
    world.transportFactory.announceToolsChanged("files");
    await world.clock.settle();
    expect(listed).toHaveBeenCalledTimes(2);
    expect((await run(lease.catalog())).tools).toMatchObject([{ name: "two", server: "files" }]);
    world.transportFactory.announceToolsChanged("files");
    await world.clock.settle();
    expect(listed).toHaveBeenCalledTimes(3);
  });

  test("should keep the tools that are known where they cannot be listed, and be logged", async () => {
    const warn = vi.fn<(fields: object, message: string) => void>();
    const logger = { debug: () => undefined, info: () => undefined, warn, error: () => undefined };
    const { world, supervisor, run } = simulate({ files: {} }, { logger });
    const lease = await supervisor.session("chat").acquire();
    const before = await run(lease.catalog());
    const record = supervisor.custody.all()[0];
    if (record === undefined) throw new TypeError("it is not in custody");
    vi.spyOn(record.handle, "listTools").mockRejectedValue(new Error("not now"));
    world.transportFactory.announceToolsChanged("files");
    await world.clock.settle();
    expect(await run(lease.catalog())).toEqual(before);
    expect(warn.mock.calls.map(([fields]) => fields)).toContainEqual({
      session: "chat",
      server: "files",
      error: "not now",
    });
  });
});

describe("an operator", () => {
  test("should see what is left of a connection, and be told of one that there is not", async () => {
    const { supervisor, run } = simulate({ files: {} });
    await run(supervisor.session("chat").run((lease) => lease.client("files")));
    const id = supervisor.inspect().sessions[0]?.connections[0]?.id ?? "";
    expect(await supervisor.look(id)).toMatchObject({ survivors: [{}], unreaped: [], doubtful: [] });
    await expect(supervisor.look("chat#1/r1/web.1")).rejects.toMatchObject({ code: "UNKNOWN_CONNECTION" });
    expect(() => supervisor.forget(id, "not leaked")).toThrow(expect.objectContaining({ code: "UNKNOWN_CONNECTION" }));
  });

  test("should be refused a key that is no text, and given one that looks like an address", async () => {
    const { supervisor, run } = simulate({ files: {} });
    expect(() => supervisor.session(5 as never)).toThrow(/key: must be a string, not number/);
    const ids = ["#_odd", "odd#_"].map((key) => supervisor.session(key).id);
    expect(ids).toEqual(["/#_odd#1", "odd#_#2"]);
    await run(supervisor.shutdown());
    expect(() => supervisor.session("chat")).toThrow(expect.objectContaining({ code: "SHUTDOWN", session: "chat" }));
  });

  test("should have every process killed at once when the gateway exits", async () => {
    const { world, supervisor, run } = simulate({ files: {}, mail: {} });
    await run(supervisor.session("chat").run((lease) => lease.catalog()));
    expect(world.truth.liveProcesses()).toHaveLength(2);
    supervisor.killAll();
    await world.clock.advanceBy(100);
    expect(world.truth.liveProcesses()).toEqual([]);
  });
});

describe("what stands ready for the death of the gateway", () => {
  function recovery() {
    const told: Parameters<Recovery["listen"]>[0][] = [];
    const close = vi.fn(() => Promise.resolve());
    return {
      told,
      close,
      recovery: { ...noRecovery, listen: (listener: (typeof told)[0]) => told.push(listener), close },
    };
  }

  test("should be let go by a shutdown that leaves nothing, and by no other", async () => {
    const well = recovery();
    const clean = simulate({ files: {} }, { recovery: well.recovery });
    await clean.run(clean.supervisor.session("chat").run((lease) => lease.client("files")));
    await clean.run(clean.supervisor.shutdown());
    expect(well.close).toHaveBeenCalledTimes(1);

    const bad = recovery();
    const leaky = simulate({ files: presets.unkillable }, { recovery: bad.recovery });
    await leaky.run(leaky.supervisor.session("chat").run((lease) => lease.client("files")));
    expect(await leaky.run(leaky.supervisor.shutdown())).toMatchObject({ leaked: 1 });
    expect(bad.close).not.toHaveBeenCalled();
  });

  test("should be announced as it changes, and be inspected", () => {
    const { told, recovery: own } = recovery();
    const { supervisor } = simulate({ files: {} }, { recovery: own });
    const heard: unknown[] = [];
    supervisor.on("ledger", (status) => heard.push(status));
    supervisor.on("guardian", (status) => heard.push(status));
    told[0]?.ledger(noRecovery.ledger);
    told[0]?.guardian(noRecovery.guardian);
    expect(heard).toEqual([noRecovery.ledger, noRecovery.guardian]);
    expect(supervisor.inspect().recovery).toEqual({ ledger: noRecovery.ledger, guardian: noRecovery.guardian });
  });
});
