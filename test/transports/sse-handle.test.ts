import { setTimeout as pause } from "node:timers/promises";
import { SSEServerTransport } from "@modelcontextprotocol/sdk/server/sse.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { expect, onTestFinished, test, vi } from "vitest";
import { emptyWithin, makeHandle } from "./support/opened.js";
import { type Answer, type Loopback, startLoopback, status, stream } from "./support/loopback.js";
import { slowAuth } from "./support/slow-auth.js";
import { rejection, until } from "./support/until.js";

/** The SDK's own server over HTTP+SSE. */
function startSseServer(): Promise<Loopback> {
  return startLoopback(sseServer());
}

function sseServer(): Answer {
  const transports = new Map<string, SSEServerTransport>();
  return async ({ method, path, message, response }, raw) => {
    if (method === "POST") {
      const transport = transports.get(new URL(path, "http://localhost").searchParams.get("sessionId") ?? "");
      if (transport) await transport.handlePostMessage(raw, response, message);
      else response.writeHead(404).end();
      return;
    }
    const transport = new SSEServerTransport("/messages", response);
    transports.set(transport.sessionId, transport);
    const server = new McpServer({ name: "sse", version: "1" });
    server.registerTool("echo", {}, () => ({ content: [{ type: "text", text: "hi" }] }));
    server.registerTool("hang", {}, () => new Promise(() => undefined));
    await server.connect(transport);
  };
}

test("should open, call, and close its stream", async () => {
  const server = await startSseServer();
  const { handle, open, close, lost, seen, calls } = makeHandle({
    type: "sse",
    url: server.url,
    headers: { authorization: "Bearer configured" },
  });
  const { client, tools } = await open();
  expect(tools.map(({ name }) => name)).toEqual(["echo", "hang"]);
  await expect(client.callTool({ name: "echo" })).resolves.toMatchObject({ content: [{ text: "hi" }] });
  expect(await handle.look()).toEqual({ empty: false, survivors: [], unreaped: [], doubtful: [], sockets: 1 });
  expect(await handle.release(AbortSignal.timeout(1_000))).toBe(false);
  expect(await handle.listTools(AbortSignal.timeout(1_000))).toHaveLength(2);
  expect(new Set(server.seen.map(({ headers }) => headers.authorization))).toEqual(new Set(["Bearer configured"]));
  const call = rejection(client.callTool({ name: "hang" }));
  await until(() => calls.inFlight === 1, "the call never started");

  await close();

  expect(await call).toMatchObject({ data: { code: "CALL_ABORTED" } });
  await until(() => server.open().length === 0, "the stream is open after close");
  expect(server.count("GET")).toBe(1);
  expect(lost).toEqual([]);
  expect(seen.stirs).toBeGreaterThan(0);
});

test("should have nothing to close before it was opened", async () => {
  const { handle, warnings } = makeHandle({ type: "sse", url: "http://127.0.0.1:1/sse" });
  await handle.endInput();
  handle.dispose();
  expect(await handle.look()).toMatchObject({ empty: true, sockets: 0 });
  expect(warnings).toEqual([]);
});

test("should not be lost when a message could not be posted", async () => {
  let broken = false;
  const answer = sseServer();
  const server = await startLoopback((request, raw, body) =>
    request.method === "POST" && broken ? void request.response.destroy() : answer(request, raw, body),
  );
  const { open, close, lost } = makeHandle({ type: "sse", url: server.url });
  const { client } = await open();
  broken = true;
  await rejection(client.callTool({ name: "echo" }));
  expect(lost).toEqual([]);
  await close();
});

test("LP-41 should give up a server that never names its endpoint, and leave no stream", async () => {
  const server = await startLoopback((request) => stream(request, ": hello\n\n"));
  const { handle } = makeHandle({ type: "sse", url: server.url });
  const abort = new AbortController();
  const opening = rejection(handle.open(abort.signal));
  await until(() => server.open().length === 1, "the stream was never opened");

  abort.abort(new Error("connectTimeoutMs"));

  expect(await opening).toMatchObject({ code: "OPEN_ABORTED" });
  await until(() => server.open().length === 0, "the stream outlives the rejected open");
  await handle.endInput();
  expect(await emptyWithin(handle, 1_000)).toBe(true);
});

test("LP-41 should open nothing later when the first connection is reset", async () => {
  // EventSource tries again 3 s after this, or when the server says.
  const server = await startLoopback(({ response }) => void response.destroy());
  const { handle, open } = makeHandle({ type: "sse", url: server.url });
  const timers = vi.spyOn(globalThis, "setTimeout");
  onTestFinished(() => timers.mockRestore());
  expect(await rejection(open())).toMatchObject({
    code: "OPEN_FAILED",
    stage: "connect",
    cause: { code: "CONNECTION_LOST", session: "chat:42", server: "files", cause: expect.any(Error) as Error },
  });
  const waits = timers.mock.calls.map(([, delayMs]) => delayMs).filter((delayMs) => delayMs === 3_000);
  expect(waits, "EventSource has set a timer to open the stream again").toEqual([]);
  await handle.endInput();
  expect(await emptyWithin(handle, 1_000)).toBe(true);
  expect(server.seen).toHaveLength(1);
});

test("should fail to open, and leave nothing, where the server answers an error", async () => {
  const server = await startLoopback((request) => status(request, 500));
  const { handle, open } = makeHandle({ type: "sse", url: server.url });
  expect(await rejection(open())).toMatchObject({
    code: "OPEN_FAILED",
    stage: "connect",
    message: expect.stringContaining("500") as string,
  });
  expect(await emptyWithin(handle, 1_000)).toBe(true);
});

test("LP-41 should be lost when the server drops the stream, and not open another one", async () => {
  const server = await startSseServer();
  const { open, close, lost, calls } = makeHandle({ type: "sse", url: server.url });
  const { client } = await open();
  const call = rejection(client.callTool({ name: "hang" }));
  await until(() => calls.inFlight === 1, "the call never started");
  server.open().forEach(({ response }) => response.end());

  expect(await call).toMatchObject({ data: { code: "CONNECTION_LOST" } });
  expect(lost).toMatchObject([
    { code: "CONNECTION_LOST", message: expect.stringContaining("ended its event stream") as string },
  ]);
  await pause(50);
  expect(server.count("GET")).toBe(1);
  await close();
  expect(lost).toHaveLength(1);
});

test("LP-41 should open nothing when a 401 is being answered while the end begins", async () => {
  const server = await startLoopback((request) => status(request, request.path === "/mcp" ? 401 : 404));
  const auth = slowAuth();
  const { handle, open } = makeHandle({ type: "sse", url: server.url, authProvider: auth.provider });
  const opening = rejection(open());
  await auth.hangs;
  await handle.endInput();
  expect(await opening).toMatchObject({ code: "OPEN_ABORTED" });
  const before = server.seen.length;
  auth.goOn();
  await auth.failed;
  expect(server.seen).toHaveLength(before);
  expect(await emptyWithin(handle, 1_000)).toBe(true);
});
