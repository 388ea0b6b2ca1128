import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { Streams } from "../../src/gateway/streams/streams.js";
import { VirtualClock } from "../../src/testing/simulation/virtual-clock.js";
import { until } from "../real/support/until.js";
import { call, eventsOf, patientClock, startRaw, typeOf } from "./support/raw-session.js";
import { text } from "./support/scripted-server.js";

describe("what a request is answered with", () => {
  it("should be JSON when it is answered soon and nothing has to be said before", async () => {
    await using raw = await startRaw({ clock: patientClock });

    const response = await raw.post(call(1, "echo"));

    expect(typeOf(response)).toBe("application/json");
    expect(await response.json()).toEqual({ jsonrpc: "2.0", id: 1, result: text("echo") });
  });

  it("should be a stream as soon as something is said before the answer, and end with that", async () => {
    await using raw = await startRaw();

    const response = await raw.post(call(2, "tell"));

    expect(typeOf(response)).toBe("text/event-stream");
    expect(await eventsOf(response)).toMatchObject([
      { method: "notifications/progress", params: { progressToken: 2, progress: 1 } },
      { id: 2, result: text("tell") },
    ]);
  });

  it("should be a stream that is there before the answer, when that takes its time", async () => {
    await using raw = await startRaw();

    const response = await raw.post(call(3, "hang"));

    expect(typeOf(response)).toBe("text/event-stream");
    expect(raw.held).toHaveLength(1);
    raw.release();
    expect(await eventsOf(response)).toMatchObject([{ id: 3, result: text("hang") }]);
  });

  it("should be a stream with every answer of a batch", async () => {
    await using raw = await startRaw();

    const response = await raw.post([call(4, "echo"), { jsonrpc: "2.0", method: "notifications/x" }, call(5, "echo")]);

    const answers = (await eventsOf(response)) as { id: number }[];
    expect(answers.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual([4, 5]);
  });

  it("should be nothing when the request was cancelled", async () => {
    await using raw = await startRaw();
    const cancelled = raw.post(call(6, "hang"));
    await until(() => raw.held.length === 1, "the server was never asked");

    await raw.post({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId: 6 } });

    expect(await eventsOf(await cancelled)).toEqual([]);
  });

  it("should be 202 for what needs no answer", async () => {
    await using raw = await startRaw();

    const response = await raw.post({ jsonrpc: "2.0", method: "notifications/x" });

    expect([response.status, await response.text()]).toEqual([202, ""]);
  });
});

describe("a message that the protocol does not know", () => {
  let raw: Awaited<ReturnType<typeof startRaw>> | undefined;
  afterEach(async () => await raw?.[Symbol.asyncDispose]());

  it.each([
    ["an answer that may be no stream", call(1, "echo"), { Accept: "application/json" }, 406, -32_000],
    [
      "text that only looks like JSON",
      call(1, "echo"),
      { "Content-Type": "text/plain; application/json" },
      415,
      -32_000,
    ],
    ["JSON by its full name", call(1, "echo"), { "Content-Type": "Application/JSON; charset=utf-8" }, 200, undefined],
    ["an unknown revision", call(1, "echo"), { "Mcp-Protocol-Version": "1999-01-01" }, 400, -32_000],
    ["a known revision", call(1, "echo"), { "Mcp-Protocol-Version": "2025-06-18" }, 200, undefined],
    ["no message", { hello: 1 }, {}, 400, -32_600],
    ["an empty batch", [], {}, 400, -32_600],
    ["a batch with something else in it", [call(1, "echo"), 7], {}, 400, -32_600],
    ["a batch that is too large", Array.from({ length: 101 }, (_, id) => call(id, "echo")), {}, 400, -32_600],
    ["a second initialize", { jsonrpc: "2.0", id: 1, method: "initialize", params: {} }, {}, 400, -32_600],
  ])("should be told apart from one that is known: %s", async (_what, body, headers, status, code) => {
    raw = await startRaw({ clock: patientClock });

    const response = await raw.post(body, headers);

    const answer = (await response.json()) as { error?: { code: number } };
    expect([response.status, answer.error?.code]).toEqual([status, code]);
  });

  it("should be a request whose id is that of one under way, which goes on", async () => {
    raw = await startRaw();
    const first = await raw.post(call(1, "hang"));

    const second = await raw.post(call(1, "echo"));

    expect([second.status, await second.json()]).toMatchObject([400, { error: { data: { code: "BAD_MESSAGE" } } }]);
    raw.release();
    expect(await eventsOf(first)).toMatchObject([{ id: 1, result: text("hang") }]);
  });
});

describe("a standing stream", () => {
  it("should be one, for a client that reads streams, and free again when it is closed", async () => {
    await using raw = await startRaw();
    const cut = new AbortController();
    await raw.listen({}, cut.signal);

    expect((await raw.listen()).status).toBe(409);
    expect((await raw.listen({ Accept: "application/json" })).status).toBe(406);
    expect((await raw.listen({ "Mcp-Protocol-Version": "1999-01-01" })).status).toBe(400);
    expect(raw.streams()).toBe(1);
    cut.abort();
    await until(() => raw.streams() === 0, "the gateway did not see that its client went away");
    expect((await raw.listen()).status).toBe(200);
  });

  it("should say something every 15 s, and no more once it is closed", async () => {
    const clock = new VirtualClock();
    const server = createServer((_request, response) => {
      const stream = new Streams(clock).begin();
      stream.attach(response);
      stream.announce();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const { body } = await fetch(`http://127.0.0.1:${port}`);
    const reader = (body as ReadableStream<Uint8Array>).getReader();

    await clock.advanceBy(15_000);

    const { value } = await reader.read();
    expect(Buffer.from(value ?? []).toString()).toBe(": keepalive\n\n");
    await reader.cancel();
    await until(() => clock.pending.length === 0, "a timer is left of the closed stream");
    server.close();
  });
});
