import { describe, expect, test } from "vitest";
import { OpenAbortedError } from "../../src/errors/index.js";
import { noLogger, type OpenedTransport, type TransportHandle, type TransportLook } from "../../src/ports/index.js";
import { Custody } from "../../src/supervisor/custody.js";
import { VirtualClock } from "../../src/testing/simulation/index.js";

const transport = { client: {}, tools: ["read"] } as unknown as OpenedTransport;
const look: TransportLook = { empty: false, survivors: [], unreaped: [], doubtful: [], sockets: 0 };
const endedError = new OpenAbortedError("its session ended", { session: "chat" });

/** Custody of one connection, whose transport does what the handle says. */
function custodyOf(handle: Partial<TransportHandle>) {
  const asked: string[] = [];
  const clock = new VirtualClock();
  const made = {
    open: () => Promise.resolve(transport),
    look: () => Promise.resolve(look),
    dispose: () => asked.push("dispose"),
    ...handle,
  };
  const told: string[] = [];
  const custody = new Custody({
    clock,
    logger: noLogger,
    factory: {
      create: (request) => {
        tools.change = () => request.onToolsChanged();
        return new Proxy(made as unknown as TransportHandle, {
          get: (of, name) => {
            if (name === "open" || name === "look") asked.push(name);
            return of[name as keyof TransportHandle];
          },
        });
      },
    },
  });
  const tools = { change: () => undefined as void };
  const record = custody.open({
    id: "c",
    session: "chat#1",
    server: "files",
    config: { type: "stdio", command: "virtual" } as never,
    context: { sessionKey: "chat", generation: "chat#1", server: "files", tags: {} },
    onCalls: () => undefined,
    onLost: () => undefined,
    onToolsChanged: () => told.push("tools changed"),
    onSettledLate: () => told.push("settled late"),
  });
  return { custody, record, clock, asked, told, tools };
}

const tree = {} as TransportHandle["tree"];

describe("custody", () => {
  test("should start nothing for a connection that is given up in the tick in which it was entered (I4)", async () => {
    const { record, asked } = custodyOf({});
    record.opening.abort(endedError);
    await expect(record.opened).rejects.toBe(endedError);
    expect(asked).toEqual([]);
  });

  test("should keep what an abandoned opening gives after all, and not call it open", async () => {
    let give: (opened: OpenedTransport) => void = () => undefined;
    const { record, clock } = custodyOf({ open: () => new Promise((resolve) => (give = resolve)), tree });
    await clock.settle();
    record.opening.abort(endedError);
    give(transport);
    await expect(record.opened).rejects.toBe(endedError);
    expect(record).toMatchObject({ transport, settled: true, state: "opening", failure: endedError });
    expect(clock.pending).toEqual([]);
  });

  test("should not call open what began to close while it was being opened", async () => {
    const { record, clock } = custodyOf({});
    record.state = "closing";
    await clock.settle();
    expect(record.state).toBe("closing");
  });

  test.each([
    { what: "leaves a transport without a tree alone", handle: {}, looks: 0 },
    { what: "looks at a tree once, half a second after its opening", handle: { tree }, looks: 1 },
  ])("$what", async ({ handle, looks }) => {
    const { record, clock, asked } = custodyOf(handle);
    await record.opened;
    await clock.advanceBy(499);
    expect(asked).toEqual(["open"]);
    await clock.advanceBy(60_000);
    expect(asked.filter((each) => each === "look")).toHaveLength(looks);
    expect(record.look).toBe(looks === 0 ? undefined : look);
  });

  test("should not look at a tree that closes already, nor keep the host alive for a look", async () => {
    const { record, clock, asked } = custodyOf({ tree });
    await record.opened;
    expect(clock.pending).toMatchObject([{ ref: false }]);
    record.state = "closing";
    await clock.advanceBy(500);
    expect(asked).toEqual(["open"]);
  });

  test("should say what failed, for which server, with the error it came from", async () => {
    const error = new RangeError("no such thing");
    const { record } = custodyOf({ open: () => Promise.reject(error) });
    await expect(record.opened).rejects.toMatchObject({
      code: "OPEN_FAILED",
      session: "chat",
      server: "files",
      cause: error,
    });
  });

  test("should say that an opening was given up where the transport rejects with something of its own", async () => {
    const { record, clock } = custodyOf({
      open: (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => reject(new Error("cut")));
        }),
    });
    await clock.settle();
    record.opening.abort(endedError);
    await expect(record.opened).rejects.toMatchObject({ code: "OPEN_ABORTED", session: "chat", server: "files" });
  });

  test("should have a leak tried again when its opening settles after all, and no other", async () => {
    const late = custodyOf({});
    late.record.state = "leaked";
    await late.record.opened;
    expect(late.told).toEqual(["settled late"]);
    const { record, told } = custodyOf({});
    await record.opened;
    expect(told).toEqual([]);
  });

  test("should forget a connection that is proved gone, and what its server says after that", async () => {
    const { custody, record, clock, asked, told, tools } = custodyOf({ tree });
    await record.opened;
    tools.change();
    expect([custody.get("c"), custody.of("chat#1"), custody.all()]).toEqual([record, [record], [record]]);
    custody.remove(record);
    tools.change();
    expect([custody.get("c"), custody.of("chat#1"), custody.all()]).toEqual([undefined, [], []]);
    expect(told).toEqual(["tools changed"]);
    expect(clock.pending).toEqual([]);
    expect(asked).toContain("dispose");
  });
});
