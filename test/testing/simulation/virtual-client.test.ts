import { describe, expect, it } from "vitest";
import { CallAbortedError, CallTimeoutError, SessionEndedError } from "../../../src/errors/index.js";
import { createWorld, presets } from "../../../src/testing/simulation/index.js";
import { connect, createTransport, never } from "./connect.js";

describe("virtual client", () => {
  it("should answer a call after its time, as a call that the gate knows of", async () => {
    const world = createWorld({ behaviours: { files: { calls: { answerMs: 30 } } } });
    const { client, told } = await connect(world);
    const call = client.callTool({ name: "echo" });
    await world.clock.advanceBy(29);
    expect(told.callsInFlight).toBe(1);
    expect(await world.clock.run(call)).toEqual({ content: [{ type: "text", text: "echo" }] });
    expect(told.callsInFlight).toBe(0);
    expect(world.truth.events({ type: "call-answered" })).toMatchObject([{ atMs: 30, connectionId: "c1" }]);
  });

  it("should reject as the gate does when it lets nothing through", async () => {
    const world = createWorld();
    const { handle } = createTransport(world);
    const { client } = await world.clock.run(handle.open(never()));
    const created = world.transportFactory.find("c1");
    Object.assign(created?.request.calls ?? {}, {
      start: () => {
        throw new SessionEndedError("ended");
      },
    });
    await expect(client.callTool({ name: "echo" })).rejects.toBeInstanceOf(SessionEndedError);
    expect(world.truth.events({ type: "call" })).toEqual([]);
  });

  it("should give a call up when the gate, its caller or the end of input says so, and record that it was cut", async () => {
    const world = createWorld({ behaviours: { files: presets.neverAnswersCalls } });
    const { client, handle, told } = await connect(world);
    const abort = new AbortController();
    const timedOut = client.callTool({ name: "echo" }, undefined, { signal: abort.signal });
    abort.abort(new CallTimeoutError(60_000));
    await expect(timedOut).rejects.toBeInstanceOf(CallTimeoutError);

    const error = new CallAbortedError("the drain took too long");
    const drained = client.callTool({ name: "echo" });
    told.cancelCalls(error);
    await expect(drained).rejects.toBe(error);

    const closed = client.callTool({ name: "echo" });
    void handle.endInput();
    await expect(closed).rejects.toBeInstanceOf(CallAbortedError);
    expect(told.callsInFlight).toBe(0);
    expect(world.truth.events({ type: "call-cut" }).map(({ detail }) => detail)).toEqual([
      "call echo: CALL_TIMEOUT",
      "call echo: CALL_ABORTED",
      "call echo: CALL_ABORTED",
    ]);
  });

  it("should pass on an error of the server, which is no cut", async () => {
    const world = createWorld({ behaviours: { files: { calls: { fail: true } } } });
    const { client } = await connect(world);
    await expect(client.callTool({ name: "echo" })).rejects.toThrow("answers with an error");
    expect(world.truth.events({ type: "call-failed" })).toHaveLength(1);
    expect(world.truth.events({ type: "call-cut" })).toEqual([]);
  });

  it("should report progress for ever where no answer comes, and stop when the call is over", async () => {
    const world = createWorld({ behaviours: { files: presets.onlyProgress } });
    const { client, told } = await connect(world);
    const seen: number[] = [];
    const call = client.callTool({ name: "echo" }, undefined, { onprogress: ({ progress }) => seen.push(progress) });
    await world.clock.advanceTo(3_500);
    expect(seen).toEqual([1, 2, 3]);
    told.cancelCalls(new CallAbortedError("enough"));
    await expect(call).rejects.toBeInstanceOf(CallAbortedError);
    await world.clock.runUntilIdle();
    expect(seen).toHaveLength(3);
  });

  it("should list what the behaviour lists at that moment, and announce changes", async () => {
    const world = createWorld({ behaviours: { files: { tools: ["read"] } } });
    const { client, handle, told, tools } = await connect(world);
    expect(tools.map(({ name }) => name)).toEqual(["read"]);
    world.behaviours["files"] = { tools: ["read", "write"] };
    world.transportFactory.announceToolsChanged("files");
    expect(told.toolChanges).toBe(1);
    expect((await world.clock.run(handle.listTools(never()))).map(({ name }) => name)).toEqual(["read", "write"]);
    expect((await world.clock.run(client.listTools())).tools).toHaveLength(2);
  });
});
