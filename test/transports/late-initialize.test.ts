import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { emptyWithin, makeHandle } from "./support/opened.js";
import { json, type Loopback, mcpServer, type Seen, startLoopback, status } from "./support/loopback.js";
import { rejection, until } from "./support/until.js";

/** A server that makes a session at once and answers initialize when it is told. */
async function startLateServer(): Promise<{ server: Loopback; answer: () => void }> {
  const held: Seen[] = [];
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.message.method !== "initialize") return false;
      held.push(request);
      return true;
    }),
  );
  const result = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: { name: "late", version: "1" } };
  const answer = () => {
    for (const request of held.splice(0)) json(request, result, { "mcp-session-id": "late-1" });
  };
  return { server, answer };
}

test("LP-39 should learn the session of an initialize that was aborted, and delete it", async () => {
  const { server, answer } = await startLateServer();
  const { handle } = makeHandle({ url: server.url });
  const abort = new AbortController();
  let settled = false;
  const opening = rejection(handle.open(abort.signal)).finally(() => (settled = true));
  await until(() => server.count("initialize") === 1, "initialize was never sent");

  abort.abort(new Error("connectTimeoutMs"));
  await pause(50);
  expect(settled, "open() settled while its initialize was in flight").toBe(false);
  expect(server.count("notifications/cancelled")).toBe(0);
  expect((await handle.look()).sockets).toBe(1);
  answer();

  expect(await opening).toMatchObject({ code: "OPEN_ABORTED" });
  expect((await handle.look()).remote).toMatchObject({ idKnown: true });
  await handle.release(AbortSignal.timeout(2_000));
  await handle.endInput();
  expect(await emptyWithin(handle, 2_000)).toBe(true);
  expect(server.seen.at(-1)).toMatchObject({ method: "DELETE", headers: { "mcp-session-id": "late-1" } });
  expect(server.count("tools/list") + server.count("notifications/initialized") + server.count("GET")).toBe(0);
});

test("LP-39 should report a session of unknown id where initialize is never answered", async () => {
  const { server } = await startLateServer();
  const { handle } = makeHandle({ url: server.url });
  const abort = new AbortController();
  const opening = rejection(handle.open(abort.signal));
  await until(() => server.count("initialize") === 1, "initialize was never sent");
  abort.abort();
  expect((await handle.look()).remote).toBeUndefined();

  await handle.endInput();

  expect(await opening).toMatchObject({ code: "OPEN_ABORTED" });
  await until(() => server.open().length === 0, "initialize is open after the end of input");
  expect(await handle.look()).toMatchObject({ empty: false, sockets: 0, remote: { url: server.url, idKnown: false } });
  // Nobody can delete it; trying again changes nothing, and is no error.
  await handle.release(AbortSignal.timeout(1_000));
  expect((await handle.look()).remote).toMatchObject({ idKnown: false });
});

test("LP-39 should report a session of unknown id where the connection breaks in initialize", async () => {
  const server = await startLoopback(({ response }) => void response.destroy());
  const { handle, open } = makeHandle({ url: server.url });
  expect(await rejection(open())).toMatchObject({ code: "OPEN_FAILED", stage: "initialize" });
  await handle.endInput();
  expect((await handle.look()).remote).toMatchObject({ idKnown: false });
});

test("should know that an error is an answer: no session is left", async () => {
  const server = await startLoopback((request) => status(request, 503));
  const { handle, open } = makeHandle({ url: server.url });
  expect(await rejection(open())).toMatchObject({
    code: "OPEN_FAILED",
    stage: "initialize",
    message: expect.stringContaining("Error POSTing") as string,
  });
  await handle.endInput();
  expect(await emptyWithin(handle, 1_000)).toBe(true);
});

test("should delete the session of a server whose protocol version is not supported", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.message.method !== "initialize") return false;
      const serverInfo = { name: "old", version: "1" };
      json(request, { protocolVersion: "1999-01-01", capabilities: {}, serverInfo }, { "mcp-session-id": "v-1" });
      return true;
    }),
  );
  const { open, close } = makeHandle({ url: server.url });
  expect(await rejection(open())).toMatchObject({ stage: "initialize" });
  await close();
  expect(server.count("DELETE")).toBe(1);
});
