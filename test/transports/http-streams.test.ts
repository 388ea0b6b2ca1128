import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { emptyWithin, makeHandle } from "./support/opened.js";
import { mcpServer, type Seen, startLoopback, status, stream } from "./support/loopback.js";
import { runHost } from "./support/run-host.js";
import { rejection, until } from "./support/until.js";

const isCall = ({ message }: Seen) => message.method === "tools/call";
const answerTo = (id: number | undefined) =>
  `id: 9\ndata: ${JSON.stringify({ jsonrpc: "2.0", id, result: { content: [] } })}\n\n`;

test("LP-44 should be lost after some polite ends of the server's own stream, ask no more, and call none of them an error", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method !== "GET") return false;
      stream(request, "retry: 20\nid: 1\ndata:\n\n");
      setTimeout(() => request.response.end(), 50);
      return true;
    }),
  );
  const errors: unknown[] = [];
  const { handle, open, close, lost } = makeHandle(
    { url: server.url },
    { onClient: (client) => void Object.assign(client, { onerror: (error: unknown) => errors.push(error) }) },
  );
  await open();
  await until(
    () => lost.length > 0,
    () => `${server.count("GET")} streams and never lost`,
  );
  expect(lost).toMatchObject([{ code: "CONNECTION_LOST" }]);
  expect(server.count("GET")).toBe(6);
  await until(async () => (await handle.look()).sockets === 0, "something waits to be opened after the loss");
  await close();
  expect(server.count("GET")).toBe(6);
  expect(lost).toHaveLength(1);
  expect(errors).toEqual([]);
});

test("LP-40 should keep no timer after the end of input, however long the server said to wait", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method !== "GET" && !isCall(request)) return false;
      stream(request, "retry: 20000\nid: 1\ndata:\n\n");
      request.response.end();
      return true;
    }),
  );
  const { handle, open, lost } = makeHandle({ url: server.url });
  const { client } = await open();
  const calls = [1, 2].map(() => rejection(client.callTool({ name: "poll" })));
  await until(async () => (await handle.look()).sockets === 3, "three streams were to wait for their reconnect");

  await handle.release(AbortSignal.timeout(2_000));
  await handle.endInput();

  expect((await handle.look()).sockets).toBe(0);
  for (const thrown of await Promise.all(calls)) expect(thrown).toMatchObject({ data: { code: "CALL_ABORTED" } });
  expect(await emptyWithin(handle, 1_000)).toBe(true);
  expect(lost).toEqual([]);
});

test("should resume the stream of a call after its last event, and close that when the call is given up", async () => {
  let call: Seen | undefined;
  const server = await startLoopback(
    mcpServer((request) => {
      if (isCall(request)) {
        call = request;
        stream(request, "retry: 100\nid: 7\ndata:\n\n", "id: 8\n");
        request.response.end();
      } else if (request.method === "GET" && request.headers["last-event-id"] !== undefined) {
        stream(
          request,
          ...(request.headers["last-event-id"] === "7" && call?.message.params?.name === "poll"
            ? [answerTo(call.message.id)]
            : []),
        );
      } else return false;
      return true;
    }),
  );
  const { open, close } = makeHandle({ url: server.url });
  const { client } = await open();
  await expect(client.callTool({ name: "poll" })).resolves.toEqual({ content: [] });
  const resumed = () => server.open().filter(({ headers }) => headers["last-event-id"] !== undefined);
  const before = resumed().length;

  const hanging = rejection(client.callTool({ name: "hang" }, undefined, { timeout: 1_000 }));
  await until(() => resumed().length === before + 1, "the stream of the second call was never resumed");
  await hanging;
  await until(() => resumed().length === before, "the resumed stream of a call that was given up is open");
  await close();
});

test("should fail a call whose stream broke and cannot be resumed, and not replay it", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (!isCall(request)) return false;
      stream(request, ": hello\n\n");
      setTimeout(() => request.response.destroy(), 20);
      return true;
    }),
  );
  const { open, close, lost, calls } = makeHandle({ url: server.url });
  const { client } = await open();
  expect(await rejection(client.callTool({ name: "break" }))).toMatchObject({ data: { code: "CONNECTION_LOST" } });
  expect(calls.inFlight).toBe(0);
  expect(server.count("tools/call")).toBe(1);
  expect(lost).toEqual([]);
  await close();
});

test("should be lost when the server's own stream comes back to an expired session", async () => {
  let forgotten = false;
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method !== "GET") return false;
      if (forgotten) status(request, 404);
      else {
        stream(request, "retry: 100\n\n");
        setTimeout(() => request.response.end(), 20);
      }
      forgotten = true;
      return true;
    }),
  );
  const { open, close, lost } = makeHandle({ url: server.url });
  await open();
  await until(() => lost.length > 0, "the expired session went unnoticed");
  expect(lost).toMatchObject([{ code: "CONNECTION_LOST", message: expect.stringContaining("expired") as string }]);
  await close();
});

test("should neither reopen its stream nor be lost when the server ends that with the session", async () => {
  let listening: Seen | undefined;
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method === "DELETE") listening?.response.end();
      if (request.method !== "GET") return false;
      if (listening) status(request, 404);
      else stream(request, "retry: 100\n\n");
      listening ??= request;
      return true;
    }),
  );
  const { handle, open, close, lost } = makeHandle({ url: server.url });
  await open();
  await until(() => listening !== undefined, "the stream was never asked for");
  await handle.release(AbortSignal.timeout(2_000));
  await until(async () => (await handle.look()).sockets === 0, "the stream was not ended, or waits to be opened again");
  // Longer than the server's own retry: it would have come back by now.
  await pause(300);
  expect(server.count("GET")).toBe(1);
  expect(lost).toEqual([]);
  await close();
});

test("LP-40 should let the host exit at once after the end", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method !== "GET") return false;
      stream(request, "retry: 20000\nid: 1\ndata:\n\n");
      request.response.end();
      return true;
    }),
  );
  expect(await runHost("http-host.ts", [server.url])).toEqual({ output: "done\n", code: 0 });
});
