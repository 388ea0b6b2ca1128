import { describe, expect, it } from "vitest";
import { ConnectionLostError, OpenAbortedError } from "../../../src/errors/index.js";
import type { ServerConfig } from "../../../src/config/server-config.js";
import { createWorld, presets, type ServerBehaviour } from "../../../src/testing/simulation/index.js";
import { close, connect, createTransport, http, never } from "./connect.js";

const inMemory: ServerConfig = {
  type: "in-memory",
  createServer: () => ({ connect: () => Promise.resolve(), close: () => Promise.resolve() }),
};

function worldWith(behaviour: ServerBehaviour) {
  return createWorld({ behaviours: { files: behaviour } });
}

describe("virtual stream transport", () => {
  it.each([
    { name: "wellBehaved", kind: "streamable-http", config: http },
    { name: "stateless", kind: "streamable-http", config: http },
    { name: "forgotSession", kind: "streamable-http", config: http },
    { name: "deleteNotAllowed", kind: "streamable-http", config: http },
    { name: "lateSessionId", kind: "streamable-http", config: http },
    { name: "socketsLinger", kind: "streamable-http", config: http },
    { name: "wellBehaved", kind: "sse", config: { ...http, type: "sse" } as ServerConfig },
    { name: "wellBehaved", kind: "in-memory", config: inMemory },
  ] as const)("should leave nothing of a $name server over $kind", async ({ name, kind, config }) => {
    const world = worldWith(presets[name]);
    const { handle } = await connect(world, { config });
    expect(handle.kind).toBe(kind);
    expect(world.truth.openSockets).toHaveLength(1);
    expect(await close(world, handle)).toBe("EOF");
    world.truth.assertNothingLeft();
  });

  it.each(["deleteFails", "unreachable"] as const)(
    "should keep the session of a server that %s, until that is over",
    async (name) => {
      const world = worldWith({});
      const { handle } = await connect(world, { config: http });
      world.behaviours["files"] = presets[name];
      await expect(world.clock.run(handle.release(never()))).rejects.toMatchObject({ code: "RELEASE_FAILED" });
      await world.clock.run(handle.endInput());
      const { empty, remote, sockets } = await world.clock.run(handle.look());
      expect({ empty, sockets }).toEqual({ empty: false, sockets: 0 });
      expect(remote).toMatchObject({ url: "http://virtual/mcp", idKnown: true });
      expect(() => world.truth.assertNothingLeft()).toThrow("session http-session-1 at files of c1");
      world.recover();
      await world.clock.run(handle.release(never()));
      expect((await world.clock.run(handle.look())).empty).toBe(true);
    },
  );

  it("should hang in DELETE until it is given up", async () => {
    const world = worldWith(presets.deleteHangs);
    const { handle } = await connect(world, { config: http });
    const abort = new AbortController();
    const release = handle.release(abort.signal);
    await world.clock.advanceBy(5_000);
    expect(world.truth.openSockets.map(({ purpose }) => purpose)).toContain("DELETE");
    abort.abort();
    await expect(world.clock.run(release)).rejects.toThrow("DELETE was not answered in time");
    expect(world.truth.remoteSessions).toHaveLength(1);
  });

  it("should read the headers of an initialize that was given up, and delete the session it made", async () => {
    const world = worldWith(presets.lateSessionId);
    const { handle } = createTransport(world, { config: http });
    const abort = new AbortController();
    const opening = handle.open(abort.signal);
    await world.clock.advanceTo(1_000);
    abort.abort();
    expect(world.truth.remoteSessions).toHaveLength(1);
    await expect(world.clock.run(opening)).rejects.toBeInstanceOf(OpenAbortedError);
    expect(world.clock.now()).toBe(3_000);
    expect(await close(world, handle)).toBe("EOF");
    world.truth.assertNothingLeft();
  });

  it("should know of a session whose id nobody can learn once its input is ended", async () => {
    const world = worldWith(presets.neverTellsSessionId);
    const { handle } = createTransport(world, { config: http });
    const abort = new AbortController();
    const opening = handle.open(abort.signal);
    await world.clock.settle();
    abort.abort();
    await world.clock.run(handle.release(never()));
    void handle.endInput();
    await expect(world.clock.run(opening)).rejects.toBeInstanceOf(OpenAbortedError);
    const { remote } = await world.clock.run(handle.look());
    expect(remote).toMatchObject({ idKnown: false, problem: "its session id was never learned" });
    expect(world.truth.remoteSessions).toHaveLength(1);
    expect(world.truth.openSockets).toEqual([]);
  });

  it("should fail to connect to a server that cannot be reached, leaving nothing there", async () => {
    const world = worldWith(presets.unreachable);
    const { handle } = createTransport(world, { config: http });
    await expect(world.clock.run(handle.open(never()))).rejects.toMatchObject({
      code: "OPEN_FAILED",
      stage: "connect",
    });
    expect((await world.clock.run(handle.look())).empty).toBe(true);
    expect(world.truth.remoteSessions).toEqual([]);
  });

  it("should be lost when the stream ends for good, the session being kept", async () => {
    const world = worldWith(presets.dropsStream);
    const { told } = await connect(world, { config: http });
    await world.clock.advanceTo(1_000);
    expect(told.lost).toMatchObject([{ code: "CONNECTION_LOST" }]);
    expect(world.truth.openSockets).toEqual([]);
    expect(world.truth.remoteSessions).toHaveLength(1);
  });

  it("should be lost by the first call after the server forgot the session", async () => {
    const world = worldWith(presets.forgetsSession);
    const { client, handle, told } = await connect(world, { config: http });
    await world.clock.advanceTo(5_000);
    expect(told.lost).toEqual([]);
    await expect(world.clock.run(client.callTool({ name: "echo" }))).rejects.toBeInstanceOf(ConnectionLostError);
    expect(told.lost[0]?.message).toContain("404");
    await close(world, handle);
    world.truth.assertNothingLeft();
  });

  it("should not call it a loss once the goodbye began", async () => {
    const world = worldWith({ http: { dropsAfterMs: 100, delete: "never" } });
    const { handle, told } = await connect(world, { config: http });
    void handle.release(never()).catch(() => undefined);
    await world.clock.advanceTo(200);
    expect(told.lost).toEqual([]);
  });

  it("should have nothing left to do once its input is ended", async () => {
    const world = worldWith({ http: { dropsAfterMs: 100, forgetsAfterMs: 200 } });
    const { handle } = await connect(world, { config: http });
    await close(world, handle);
    await world.clock.runUntilIdle();
    expect(world.clock.now()).toBe(0);
  });

  it("should answer DELETE by 404 where it had forgotten the session, whatever it answers else", async () => {
    const world = worldWith({ http: { forgetsAfterMs: 10, delete: 500 } });
    const { handle } = await connect(world, { config: http });
    await world.clock.advanceTo(10);
    await world.clock.run(handle.release(never()));
    expect((await world.clock.run(handle.look())).remote).toBeUndefined();
  });

  it("should open a socket for each call and close it with the call", async () => {
    const world = worldWith({ calls: { answerMs: 10 } });
    const { client } = await connect(world, { config: http });
    const call = client.callTool({ name: "echo" });
    expect(world.truth.openSockets.map(({ purpose }) => purpose)).toEqual(["stream", "call"]);
    await world.clock.run(call);
    expect(world.truth.openSockets.map(({ purpose }) => purpose)).toEqual(["stream"]);
  });

  it("should stir when its sockets are closed, at once or after they lingered", async () => {
    const world = worldWith({ ...presets.socketsLinger, ...presets.neverAnswersCalls });
    const { client, handle, told } = await connect(world, { config: http });
    client.callTool({ name: "echo" }).catch(() => undefined);
    await world.clock.run(handle.release(never()));
    await world.clock.run(handle.endInput());
    expect(await world.clock.run(handle.look())).toMatchObject({ empty: false, sockets: 2 });
    expect(told.stirs).toBe(0);
    await world.clock.advanceBy(1_000);
    expect(told.stirs).toBe(1);
    expect((await world.clock.run(handle.look())).empty).toBe(true);
  });

  it("should wait for a server in memory to close, for ever if it never does", async () => {
    const world = worldWith({ closeMs: 300 });
    const first = await connect(world, { config: inMemory });
    await world.clock.run(first.handle.endInput());
    expect(world.clock.now()).toBe(300);
    world.behaviours["files"] = { closeMs: "never" };
    const second = await connect(world, { config: inMemory });
    const ending = second.handle.endInput();
    await expect(world.clock.run(ending)).rejects.toThrow("nothing is left that could settle");
    expect((await world.clock.run(second.handle.look())).sockets).toBe(1);
    world.recover();
    await world.clock.run(ending);
    expect(world.truth.openSockets).toEqual([]);
  });
});
