/* oxlint-disable unicorn/prefer-add-event-listener -- clients and transports are no EventTargets */
import { getEventListeners } from "node:events";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { type JSONRPCMessage, ListToolsRequestSchema, type ListToolsResult } from "@modelcontextprotocol/sdk/types.js";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ConnectionLostError, type LifecycleError } from "../../src/errors/index.js";
import { noLogger } from "../../src/ports/index.js";
import { createClientLife, type ClientSupply, type Wiring } from "../../src/transports/client-life.js";
import { context } from "./support/opened.js";
import { rejection } from "./support/until.js";

const toolsChanged = { jsonrpc: "2.0", method: "notifications/tools/list_changed" } as const;
const lostError = new ConnectionLostError("its wire was cut");

interface Situation {
  readonly onList?: () => ListToolsResult | Promise<ListToolsResult>;
  /** False for a server that has none. */
  readonly tools?: boolean;
  readonly wiring?: Partial<Wiring>;
  readonly supply?: Partial<ClientSupply>;
}

/** The client's side of a connection to a server in this process. */
function createLife({ onList = () => ({ tools: [] }), tools = true, wiring = {}, supply = {} }: Situation = {}) {
  const [wire, theirs] = InMemoryTransport.createLinkedPair();
  const server = new Server(
    { name: "memory", version: "1" },
    { capabilities: tools ? { tools: { listChanged: true } } : {} },
  );
  if (tools) server.setRequestHandler(ListToolsRequestSchema, onList);
  const told = { lost: [] as LifecycleError[], toolsChanged: 0, errors: [] as Error[], prepared: 0 };
  const request = {
    connectionId: "c1",
    config: { command: "unused" },
    context,
    calls: { start: () => ({ finish: () => undefined }) },
    onLost: (error: LifecycleError) => void told.lost.push(error),
    onStir: () => undefined,
    onToolsChanged: () => void (told.toolsChanged += 1),
  };
  const createClient = () => {
    const client = new Client({ name: "test", version: "1" });
    client.onerror = (error) => void told.errors.push(error);
    return client;
  };
  const life = createClientLife(
    request,
    { createClient, logger: noLogger, ...supply },
    {
      firstStage: "spawn",
      prepare: async () => {
        told.prepared += 1;
        await server.connect(theirs);
        return wire;
      },
      ...wiring,
    },
  );
  const open = () => life.open(AbortSignal.timeout(5_000));
  return { life, open, server, wire, theirs, told };
}

/** A client of which something happens when it is connected, before anybody can know that it is. */
function whenConnected(happen: () => void): Partial<ClientSupply> {
  const createClient = () => {
    const client = new Client({ name: "test", version: "1" });
    const connect = client.connect.bind(client);
    client.connect = async (...how) => {
      await connect(...how);
      happen();
    };
    return client;
  };
  return { createClient };
}

describe("an opening", () => {
  test.each<[string, Situation]>([
    ["spawn", { wiring: { prepare: () => Promise.reject(new Error("broken")) } }],
    [
      "connect",
      { wiring: { prepare: () => Promise.resolve({ ...silent, start: () => Promise.reject(new Error("broken")) }) } },
    ],
    [
      "initialize",
      { wiring: { prepare: () => Promise.resolve({ ...silent, send: () => Promise.reject(new Error("broken")) }) } },
    ],
    ["list", { onList: () => Promise.reject(new Error("broken")) }],
  ])("should name the stage in which it failed: %s", async (stage, situation) => {
    const { open } = createLife(situation);
    expect(await rejection(open())).toMatchObject({
      code: "OPEN_FAILED",
      stage,
      message: expect.stringContaining("broken") as string,
    });
  });

  test("should reject with the loss that came while it was under way, and not report that once more", async () => {
    const { open, life, told } = createLife({ onList: () => new Promise(() => life.lost(lostError)) });
    expect(await rejection(open())).toMatchObject({ code: "OPEN_FAILED", cause: lostError });
    expect(told.lost).toEqual([]);
    expect(await rejection(life.listTools(AbortSignal.timeout(1_000)))).toMatchObject({
      message: expect.stringContaining("it is lost") as string,
    });
  });

  test("should reject with a loss that came at its last step", async () => {
    const { open, life, told } = createLife({ tools: false, supply: whenConnected(() => life.lost(lostError)) });
    expect(await rejection(open())).toMatchObject({ code: "OPEN_FAILED", cause: lostError });
    expect(told.lost).toEqual([]);
  });

  test("should reject when the goodbye began at its last step", async () => {
    const { open, life } = createLife({ tools: false, supply: whenConnected(() => life.leave()) });
    expect(await rejection(open())).toMatchObject({ code: "OPEN_FAILED", cause: { code: "CONNECTION_LOST" } });
  });

  test.each(["leave", "end"] as const)("should not begin after %s", async (how) => {
    const { open, life, told } = createLife();
    life[how]();
    expect(await rejection(open())).toMatchObject({
      code: "OPEN_ABORTED",
      message: expect.stringContaining("before it was opened") as string,
    });
    expect(told.prepared).toBe(0);
  });

  test("should be no loss when it has failed, whatever ends then", async () => {
    const { open, life, told } = createLife({ onList: () => Promise.reject(new Error("broken")) });
    await rejection(open());
    life.lost(lostError);
    expect(told.lost).toEqual([]);
    expect(await rejection(life.listTools(AbortSignal.timeout(1_000)))).toMatchObject({
      message: expect.stringContaining("it is failed") as string,
    });
  });

  test.each<[string, Situation]>([
    ["succeeded", {}],
    ["failed", { onList: () => Promise.reject(new Error("broken")) }],
  ])("should leave nothing on the caller's signal once it has %s", async (_how, situation) => {
    const { life } = createLife(situation);
    const { signal } = new AbortController();
    await life.open(signal).catch(() => undefined);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("should not end by a time limit of the SDK's: the machine's clock decides", async () => {
    const timers = vi.spyOn(globalThis, "setTimeout");
    onTestFinished(() => timers.mockRestore());
    await createLife().open();
    const delays = timers.mock.calls.map(([, delayMs]) => delayMs ?? 0);
    expect(delays.filter((delayMs) => delayMs === 60_000)).toEqual([]);
  });
});

describe("an open connection", () => {
  test("should report its first loss, and no other", async () => {
    const { open, life, told } = createLife();
    await open();
    life.lost(lostError);
    life.lost(new ConnectionLostError("again"));
    expect(told.lost).toEqual([lostError]);
  });

  test.each(["leave", "end"] as const)("should not report as a loss what ends after %s", async (how) => {
    const { open, life, told } = createLife();
    await open();
    life[how]();
    life.lost(lostError);
    expect(told.lost).toEqual([]);
  });

  test("should stay ended when a goodbye is said once more", async () => {
    const { open, life } = createLife();
    await open();
    life.end();
    life.leave();
    expect(await rejection(life.listTools(AbortSignal.timeout(1_000)))).toMatchObject({
      code: "CONNECTION_LOST",
      message: expect.stringContaining("it is ended") as string,
    });
  });

  test("should tell that tools changed, and nothing of it once it is over", async () => {
    const { open, life, server, told } = createLife();
    await open();
    await server.sendToolListChanged();
    expect(told.toolsChanged).toBe(1);
    life.leave();
    await server.sendToolListChanged();
    expect(told.toolsChanged).toBe(1);
  });

  test("should tell of tools that changed right behind their list, when nobody knew yet that it is open", async () => {
    const { open, theirs, told } = createLife();
    const send = theirs.send.bind(theirs);
    theirs.send = async (message) => {
      await send(message);
      if ("result" in message && "tools" in message.result) await send(toolsChanged);
    };
    await open();
    expect(told.toolsChanged).toBe(1);
  });

  test("should not tell of tools that changed before they were listed", async () => {
    const { open, theirs, server, told } = createLife();
    server.oninitialized = () => void theirs.send(toolsChanged);
    await open();
    expect(told.toolsChanged).toBe(0);
  });

  test("should show the host the errors of its wire, but for those that are none", async () => {
    const noise = new Error("noise");
    const { open, wire, told } = createLife({ wiring: { isNoise: (error) => error === noise } });
    await open();
    const real = new Error("broken pipe");
    for (const error of [noise, real]) wire.onerror?.(error);
    expect(told.errors).toEqual([real]);
  });

  test("should show the host all errors of a wire that makes no noise", async () => {
    const { open, wire, told } = createLife();
    await open();
    const real = new Error("broken pipe");
    wire.onerror?.(real);
    expect(told.errors).toEqual([real]);
  });
});

describe("listing the tools again", () => {
  test("should be refused before it was opened", async () => {
    const { life } = createLife();
    expect(await rejection(life.listTools(AbortSignal.timeout(1_000)))).toMatchObject({
      code: "CONNECTION_LOST",
      session: "chat:42",
      server: "files",
      message: expect.stringContaining("it is new") as string,
    });
  });

  test("should reject with what the server says, and leave nothing on the caller's signal", async () => {
    let fails = false;
    const { open, life } = createLife({
      onList: () => (fails ? Promise.reject(new Error("no tools today")) : { tools: [] }),
    });
    await open();
    fails = true;
    const { signal } = new AbortController();
    expect(await rejection(life.listTools(signal))).toMatchObject({
      code: "CALL_ABORTED",
      session: "chat:42",
      server: "files",
      message: expect.stringContaining("no tools today") as string,
      cause: { message: expect.stringContaining("no tools today") as string },
    });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("should reject as it is where the failure is one of ours", async () => {
    let endless = false;
    const { open, life } = createLife({ onList: () => ({ tools: [], ...(endless && { nextCursor: "more" }) }) });
    await open();
    endless = true;
    expect(await rejection(life.listTools(AbortSignal.timeout(5_000)))).toMatchObject({ code: "SERVER_OUTPUT" });
  });

  test("should be given up when the connection ends", async () => {
    let hangs = false;
    const { open, life } = createLife({ onList: () => (hangs ? new Promise(() => undefined) : { tools: [] }) });
    await open();
    hangs = true;
    const listing = rejection(life.listTools(AbortSignal.timeout(5_000)));
    life.end();
    expect(await listing).toMatchObject({ code: "CALL_ABORTED" });
  });
});

/** A wire that nobody answers on. */
const silent = {
  start: () => Promise.resolve(),
  send: (_message: JSONRPCMessage) => Promise.resolve(),
  close: () => Promise.resolve(),
};
