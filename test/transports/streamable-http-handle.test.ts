import { expect, test } from "vitest";
import { type Ledger, noLedger } from "../../src/ports/index.js";
import { emptyWithin, makeHandle } from "./support/opened.js";
import { json, mcpServer, startLoopback, status, stream } from "./support/loopback.js";
import { startSdkHttpServer } from "./support/sdk-http-server.js";
import { isTokenRequest, slowAuth } from "./support/slow-auth.js";
import { rejection, until } from "./support/until.js";

test("should open, call, and leave neither session nor stream nor socket", async () => {
  const server = await startSdkHttpServer();
  const { handle, open, close, lost, seen } = makeHandle({ type: "http", url: server.url });
  const { client, tools } = await open();
  expect(tools.map(({ name }) => name)).toEqual(["echo", "hang", "add-tool"]);
  await expect(client.callTool({ name: "echo" })).resolves.toMatchObject({ content: [{ text: "hi" }] });
  await until(() => server.count("GET") === 1, "the server's own stream was never opened");
  expect(server.sessions.size).toBe(1);
  await until(async () => (await handle.look()).sockets === 1, "more is open than the server's own stream");
  expect(await handle.look()).toMatchObject({
    empty: false,
    survivors: [],
    unreaped: [],
    doubtful: [],
    remote: { idKnown: true },
  });

  await close();

  expect(server.sessions.size).toBe(0);
  expect(server.count("DELETE")).toBe(1);
  await until(
    () => server.open().length === 0,
    () => `${server.open().length} responses are open after close`,
  );
  expect(lost).toEqual([]);
  expect(seen.stirs).toBeGreaterThan(0);
});

test("should have nothing to close or to say goodbye to before it was opened", async () => {
  const { handle, warnings } = makeHandle({ url: "http://127.0.0.1:1/mcp" });
  expect(await handle.release(AbortSignal.timeout(1_000))).toBe(false);
  await handle.endInput();
  expect(await handle.look()).toMatchObject({ empty: true, sockets: 0 });
  expect(warnings).toEqual([]);
});

test("should close its streams, and have its record removed, when it is disposed", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method === "GET") stream(request, ": hello\n\n");
      return request.method === "GET";
    }),
  );
  let removed = 0;
  const { handle, open } = makeHandle(
    { url: server.url },
    { ledger: { ...noLedger, remove: async () => void (removed += 1) } },
  );
  await open();
  await until(() => server.open().length === 1, "the server's own stream was never opened");
  handle.dispose();
  await until(() => server.open().length === 0, "a stream outlives its handle");
  await until(() => removed > 0, "its record stayed");
});

test("should not be empty while a stream is open, though there is no session", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.message.method === "initialize") {
        const serverInfo = { name: "stateless", version: "1" };
        json(request, { protocolVersion: "2025-11-25", capabilities: {}, serverInfo });
      } else if (request.method === "GET") stream(request, ": hello\n\n");
      else return false;
      return true;
    }),
  );
  const { handle, open, close } = makeHandle({ url: server.url });
  await open();
  await until(() => server.open().length === 1, "the server's own stream was never opened");
  await until(async () => (await handle.look()).sockets === 1, "more is open than the server's own stream");
  expect(await handle.look()).toMatchObject({ empty: false, remote: undefined });
  await close();
});

test("should tell that tools changed, and list them again without that being a call", async () => {
  const server = await startSdkHttpServer();
  const { handle, open, close, seen, calls } = makeHandle({ url: server.url });
  const { client } = await open();
  await until(() => server.count("GET") === 1, "the server's own stream was never opened");
  await client.callTool({ name: "add-tool" });
  await until(() => seen.toolsChanged === 1, "list_changed was not reported");
  calls.refuse(() => {
    throw new Error("a listing was taken for a call");
  });
  expect(await handle.listTools(AbortSignal.timeout(5_000))).toHaveLength(4);
  await close();
});

test("should have its session in the ledger once it is open, and no more when the server has deleted it", async () => {
  const server = await startSdkHttpServer();
  const steps: string[] = [];
  const ledger: Ledger = {
    ...noLedger,
    kept: async ({ url, sessionId, session }) => void steps.push(`${url.href} ${sessionId} ${session}`),
    remove: async () => void steps.push("remove"),
  };
  const { handle, open } = makeHandle({ url: server.url }, { ledger });
  await open();
  const [id] = server.sessions;
  expect(steps).toEqual([`${server.url} ${id} chat:42`]);
  await handle.release(AbortSignal.timeout(5_000));
  await until(() => steps.length === 2, "the record stayed when its session was deleted", 3_000);
  await handle.endInput();
  handle.dispose();
  expect(new Set(steps.slice(1))).toEqual(new Set(["remove"]));
});

test("LP-38 should send DELETE with session, protocol version, token and configured headers", async () => {
  const server = await startLoopback(mcpServer());
  let asked = 0;
  const { open, close } = makeHandle({
    url: `${server.url}?key=secret`,
    headers: ({ sessionKey }) => ({ "x-session": sessionKey, "x-asked": String((asked += 1)) }),
    authProvider: () => ({ tokens: () => ({ access_token: "t0k3n", token_type: "bearer" }) }),
  });
  await open();
  await close();
  const { headers } = server.seen.find(({ method }) => method === "DELETE") ?? {};
  expect(headers).toMatchObject({
    "mcp-session-id": "s-1",
    "mcp-protocol-version": "2025-11-25",
    authorization: "Bearer t0k3n",
    "x-session": "chat:42",
    "x-asked": String(server.seen.length),
  });
});

test.each([404, 405, 204])("LP-38 should take %d to a DELETE for success", async (code) => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method === "DELETE") status(request, code);
      return request.method === "DELETE";
    }),
  );
  const { handle, open, close } = makeHandle({ url: server.url });
  await open();
  await close();
  expect((await handle.look()).remote).toBeUndefined();
});

test("LP-38 should report a session whose DELETE failed, and delete it at the next try, after the end of input", async () => {
  let broken = true;
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method !== "DELETE" || !broken) return false;
      status(request, 500);
      return true;
    }),
  );
  const { handle, open } = makeHandle({ url: `${server.url}?key=secret` });
  await open();
  expect(await rejection(handle.release(AbortSignal.timeout(2_000)))).toMatchObject({ code: "RELEASE_FAILED" });
  await handle.endInput();
  await until(async () => (await handle.look()).sockets === 0, "a socket is open after the end of input");
  expect(await handle.look()).toMatchObject({
    empty: false,
    remote: { url: server.url, idKnown: true, problem: "DELETE was answered with HTTP 500" },
  });

  broken = false;
  await handle.release(AbortSignal.timeout(2_000));

  expect(await emptyWithin(handle, 2_000)).toBe(true);
  handle.dispose();
});

test("LP-38 should bound a DELETE that is never answered by its signal", async () => {
  const server = await startLoopback(mcpServer(({ method }) => method === "DELETE"));
  const { handle, open } = makeHandle({ url: server.url });
  await open();
  const thrown = await rejection(handle.release(AbortSignal.timeout(100)));
  expect(thrown).toMatchObject({ code: "RELEASE_FAILED", message: expect.stringContaining("timeout") as string });
  await handle.endInput();
  await until(() => server.open().length === 0, "the DELETE is open after its deadline");
  expect((await handle.look()).remote?.idKnown).toBe(true);
});

test("should follow a redirect of the DELETE within the origin, and to nobody else", async () => {
  const thief = await startLoopback((request) => status(request, 200));
  let target = "/other";
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method !== "DELETE" || request.path !== "/mcp") return false;
      status(request, 307, { location: target });
      return true;
    }),
  );
  const first = makeHandle({ url: server.url });
  await first.open();
  target = thief.url;
  expect(await rejection(first.handle.release(AbortSignal.timeout(2_000)))).toMatchObject({ code: "RELEASE_FAILED" });
  expect(thief.seen).toEqual([]);
  target = "/other";
  await first.close();
  expect(server.seen.at(-1)).toMatchObject({ method: "DELETE", path: "/other" });
});

test("should leave nothing where the server makes no session", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.message.method !== "initialize") return false;
      const serverInfo = { name: "stateless", version: "1" };
      json(request, { protocolVersion: "2025-11-25", capabilities: {}, serverInfo });
      return true;
    }),
  );
  const { open, close } = makeHandle({ url: server.url });
  const { tools } = await open();
  expect(tools).toEqual([]);
  await close();
  expect(server.count("DELETE")).toBe(0);
});

test("LP-42 should be lost when the server has forgotten the session, and replay nothing", async () => {
  const server = await startSdkHttpServer();
  const { open, close, lost } = makeHandle({ url: server.url });
  const { client } = await open();
  await until(() => server.count("GET") === 1, "the server's own stream was never opened");
  server.forgetSessions();

  const thrown = await rejection(client.callTool({ name: "echo" }));

  expect(thrown).toMatchObject({ data: { code: "CONNECTION_LOST" } });
  expect(lost).toMatchObject([
    { code: "CONNECTION_LOST", message: expect.stringContaining("expired HTTP session") as string },
  ]);
  expect(server.count("tools/call")).toBe(1);
  await close();
  expect(lost).toHaveLength(1);
});

test("should not be lost when a server answers 404 to the stream it does not offer", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method === "GET") status(request, 404);
      return request.method === "GET";
    }),
  );
  const { open, close, lost } = makeHandle({ url: server.url });
  const { client } = await open();
  await until(() => server.count("GET") === 1 && server.open().length === 0, "the stream was never asked for");
  await client.callTool({ name: "echo" });
  expect(lost).toEqual([]);
  await close();
});

test("LP-43 should close the stream of a call that timed out or was given up", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.message.method === "tools/call") stream(request, ": hello\n\n");
      return request.message.method === "tools/call";
    }),
  );
  const { handle, open, close, calls } = makeHandle({ url: server.url });
  const { client } = await open();
  const openCalls = () => server.open().filter(({ message }) => message.method === "tools/call");

  await rejection(client.callTool({ name: "hang" }, undefined, { timeout: 100 }));
  await until(() => openCalls().length === 0, "the stream of a timed out call is open");
  expect(server.count("notifications/cancelled")).toBe(1);

  const call = rejection(client.callTool({ name: "hang" }));
  await until(() => openCalls().length === 1, "the call never started");
  calls.abort(() => new (class extends Error {})("drained too long") as never);
  await call;
  await until(() => openCalls().length === 0, "the stream of a call that was given up is open");
  await until(() => server.count("notifications/cancelled") === 2, "the server was not told");
  await until(async () => (await handle.look()).sockets === 0, "sockets are open after the calls");
  await close();
});

test("should close everything at the end of input, also where fetch does not honour its signal", async () => {
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.method === "GET") stream(request, ": hello\n\n");
      return request.method === "GET";
    }),
  );
  const { open, close } = makeHandle(
    { url: server.url },
    { fetch: (url, init) => fetch(url, { ...init, signal: null }) },
  );
  await open();
  await until(() => server.open().length === 1, "the server's own stream was never opened");
  await close();
  await until(() => server.open().length === 0, "a stream outlives the end of input");
});

test("should reject in stage connect, with the cause, where nobody listens", async () => {
  const server = await startLoopback(() => undefined);
  server.stop();
  const { handle, open } = makeHandle({ url: server.url });
  expect(await rejection(open())).toMatchObject({
    code: "OPEN_FAILED",
    stage: "connect",
    message: expect.stringContaining("ECONNREFUSED") as string,
  });
  await handle.endInput();
  expect(await handle.look()).toMatchObject({ empty: true, sockets: 0 });
});

test("should reject in open, not throw in create, for a url that is none", async () => {
  const { handle, open } = makeHandle({ url: "not a url" });
  expect(await rejection(open())).toMatchObject({ code: "CONFIG_INVALID" });
  expect((await handle.look()).empty).toBe(true);
});

test("should open nothing when a 401 is being answered while the end begins", async () => {
  const server = await startLoopback((request) => status(request, request.path === "/mcp" ? 401 : 404));
  const auth = slowAuth();
  const { handle, open } = makeHandle({ url: server.url, authProvider: auth.provider });
  const opening = rejection(open());
  await auth.hangs;
  await handle.endInput();
  expect(await opening).toMatchObject({ code: "OPEN_ABORTED" });
  const before = server.seen.length;

  auth.goOn();

  await auth.failed;
  expect(await emptyWithin(handle, 2_000)).toBe(true);
  expect(server.seen).toHaveLength(before);
});

test("should refresh an expired token by the same fetch, and go on", async () => {
  let refreshed = false;
  const server = await startLoopback(
    mcpServer((request) => {
      if (request.path === "/mcp") {
        if (!refreshed) status(request, 401);
        return !refreshed;
      }
      refreshed ||= isTokenRequest(request);
      if (refreshed) {
        request.response.writeHead(200, { "content-type": "application/json" });
        request.response.end(JSON.stringify({ access_token: "new", token_type: "bearer" }));
      } else status(request, 404);
      return true;
    }),
  );
  const auth = slowAuth();
  auth.goOn();
  const { open, close } = makeHandle({ url: server.url, authProvider: () => auth.provider });
  await open();
  await close();
  expect(server.count("DELETE")).toBe(1);
});
