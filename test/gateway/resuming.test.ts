import { once } from "node:events";
import { IncomingMessage, ServerResponse } from "node:http";
import { type AddressInfo, connect, createServer, Socket } from "node:net";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { describe, expect, it } from "vitest";
import { SentEvents } from "../../src/gateway/streams/sent-events.js";
import { Streams } from "../../src/gateway/streams/streams.js";
import { VirtualClock } from "../../src/testing/simulation/virtual-clock.js";
import { until } from "../real/support/until.js";
import { call, eventsOf, startRaw } from "./support/raw-session.js";
import { text } from "./support/scripted-server.js";

/** A request whose connection is cut once its stream is there; gives the id of the last event that came. */
async function lose(sent: (signal: AbortSignal) => Promise<Response>): Promise<string> {
  const cut = new AbortController();
  const { body } = await sent(cut.signal);
  const { value } = await (body as ReadableStream<Uint8Array>).getReader().read();
  cut.abort();
  const ids = [
    ...Buffer.from(value ?? [])
      .toString()
      .matchAll(/^id: (.+)$/gm),
  ].map(([, id = ""]) => id);
  return ids.at(-1) ?? "";
}

describe("a client that lost its connection", () => {
  it("should hear the answer of its call when it comes back, and that it is the last", async () => {
    await using raw = await startRaw();
    const lastEventId = await lose((signal) => raw.post(call(1, "hang"), {}, signal));

    raw.release();
    const resumed = await raw.listen({ "Last-Event-ID": lastEventId });

    expect(await eventsOf(resumed)).toMatchObject([{ id: 1, result: text("hang") }]);
  });

  it("should hear the answer though it comes back before that is there", async () => {
    await using raw = await startRaw();
    const lastEventId = await lose((signal) => raw.post(call(1, "hang"), {}, signal));

    const resumed = await raw.listen({ "Last-Event-ID": lastEventId });
    raw.release();

    expect(await eventsOf(resumed)).toMatchObject([{ id: 1, result: text("hang") }]);
  });

  it("should hear what belongs to that stream, and nothing of another one", async () => {
    await using raw = await startRaw();
    const first = await lose((signal) => raw.post(call(1, "hang"), {}, signal));
    const second = await lose((signal) => raw.post(call(2, "hang"), {}, signal));
    raw.release();

    const resumed = await Promise.all([second, first].map((id) => raw.listen({ "Last-Event-ID": id })));

    expect(await Promise.all(resumed.map(eventsOf))).toMatchObject([[{ id: 2 }], [{ id: 1 }]]);
  });

  it("should hear nothing twice", async () => {
    await using raw = await startRaw();
    const answered = await raw.post(call(1, "tell"));
    const ids = [...(await answered.text()).matchAll(/^id: (.+)$/gm)].map(([, id = ""]) => id);

    const resumed = await Promise.all(ids.map((id) => raw.listen({ "Last-Event-ID": id })));

    const heard = await Promise.all(resumed.map(eventsOf));
    expect(heard.map(({ length }) => length)).toEqual([2, 1, 0]);
  });

  it("should be believed, though its former connection still looks alive", async () => {
    await using raw = await startRaw();
    const former = await raw.post(call(1, "hang"));

    // The first stream of its session, from before its first event.
    const resumed = await raw.listen({ "Last-Event-ID": "1-0" });

    expect(await eventsOf(former)).toEqual([]);
    raw.release();
    expect(await eventsOf(resumed)).toMatchObject([{ id: 1 }]);
  });

  it("should hear on its standing stream what was said while it was away", async () => {
    await using raw = await startRaw();
    const lastEventId = await lose((signal) => raw.listen({}, signal));
    await until(() => raw.streams() === 0, "the gateway did not see that its client went away");
    raw.host.gateway.reload({});

    const resumed = await raw.listen({ "Last-Event-ID": lastEventId });

    const { value } = await (resumed.body as ReadableStream<Uint8Array>).getReader().read();
    expect(Buffer.from(value ?? []).toString()).toContain("notifications/tools/list_changed");
    expect(raw.streams()).toBe(1);
  });

  it.each(["", "1", "99-1", "1-x", "constructor-1", "2025-11-25"])(
    "should be told that nothing is known of %j",
    async (id) => {
      await using raw = await startRaw();

      const refused = await raw.listen({ "Last-Event-ID": id });

      expect([refused.status, await refused.json()]).toMatchObject([
        400,
        { error: { data: { code: "UNKNOWN_EVENT" } } },
      ]);
    },
  );

  it("should not hear what was cancelled", async () => {
    await using raw = await startRaw();
    const lastEventId = await lose((signal) => raw.post(call(1, "hang"), {}, signal));

    await raw.post({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 1 } });

    await until(async () => (await raw.listen({ "Last-Event-ID": lastEventId })).status === 400, "it is still kept");
  });

  it("should not be sent events without data when its revision does not know them", async () => {
    await using raw = await startRaw({ revision: "2025-06-18" });

    const response = await raw.post(call(1, "tell"));

    expect(await response.text()).toMatch(/^event: message\nid: /);
  });
});

describe("the client of the SDK", () => {
  it("should get the answer of a call during which all its connections broke", async () => {
    await using raw = await startRaw();
    await using wire = await breakableWire(raw.host.url);
    const client = new Client({ name: "front", version: "1.0.0" });
    const transport = new StreamableHTTPClientTransport(wire.url);
    // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- the SDK's optional callbacks
    await client.connect(transport as Parameters<Client["connect"]>[0]);
    const progress: number[] = [];
    const onprogress = (said: { progress: number }) => void progress.push(said.progress);
    const answered = client.callTool({ name: "tools__tellAndHang" }, undefined, { onprogress });
    await until(() => progress.length === 1, "nothing was told of the call");

    wire.cut();
    raw.release();

    expect(await answered).toEqual(text("tellAndHang"));
    await client.close();
  });
});

describe("what was sent", () => {
  /** Says something on so many streams, and ends them. */
  const ended = (streams: Streams, count: number) => {
    for (let made = 0; made < count; made += 1) {
      const stream = streams.begin();
      stream.send({ jsonrpc: "2.0", id: made, result: {} });
      stream.end();
    }
  };
  const isKept = (streams: Streams, stream: number) => {
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    return streams.resume(`${stream}-0`, response) === undefined;
  };

  it("should be kept of the last 100 streams that ended, and for a minute", async () => {
    const clock = new VirtualClock();
    const streams = new Streams(clock);
    ended(streams, 101);
    expect([1, 2, 101].map((stream) => isKept(streams, stream))).toEqual([false, true, true]);

    await clock.advanceBy(60_000);

    expect([2, 101].map((stream) => isKept(streams, stream))).toEqual([false, false]);
    expect(clock.pending).toEqual([]);
  });

  it("should be kept up to 1 MiB, of which the oldest goes first", () => {
    const sent = new SentEvents();
    const large = "x".repeat(400 * 1_024);
    for (const stream of [1, 2, 1]) sent.add(stream, large);

    expect([sent.after(1, 0), sent.after(2, 0)].map(({ length }) => length)).toEqual([1, 1]);

    sent.add(3, large.repeat(3));
    expect([1, 2, 3].flatMap((stream) => sent.after(stream, 0))).toEqual([]);
  });

  it("should be forgotten by streams", () => {
    const sent = new SentEvents();
    for (const stream of [1, 2]) sent.add(stream, "{}");

    sent.forget(1);

    expect([1, 2].map((stream) => sent.after(stream, 0).length)).toEqual([0, 1]);
  });
});

/** A relay between a client and the gateway, all of whose connections can be cut at once. */
async function breakableWire(to: URL) {
  const sockets = new Set<Socket>();
  const relay = createServer((socket) => {
    const other = connect(Number(to.port), to.hostname);
    for (const each of [socket, other])
      sockets.add(each.on("error", () => undefined).once("close", () => sockets.delete(each)));
    socket.pipe(other).pipe(socket);
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: new URL(`http://127.0.0.1:${(relay.address() as AddressInfo).port}/mcp`),
    cut,
    [Symbol.asyncDispose]: async () => {
      relay.close();
      cut();
      await once(relay, "close");
    },
  };
}
