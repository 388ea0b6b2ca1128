/* oxlint-disable unicorn/prefer-add-event-listener -- clients and transports are no EventTargets */
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { expect, test } from "vitest";
import { makeHandle } from "./support/opened.js";
import { rejection, until } from "./support/until.js";

function echoServer(): McpServer {
  const server = new McpServer({ name: "memory", version: "1" });
  server.registerTool("echo", {}, () => ({ content: [{ type: "text", text: "hi" }] }));
  server.registerTool("hang", {}, () => new Promise(() => undefined));
  return server;
}

test("should open, call, and close the server once", async () => {
  let closes = 0;
  const createServer = () => {
    const server = echoServer();
    server.server.onclose = () => void (closes += 1);
    return server;
  };
  const { handle, open, close, lost } = makeHandle({ type: "in-memory", createServer });
  const { client, tools } = await open();
  expect(tools.map(({ name }) => name)).toEqual(["echo", "hang"]);
  await expect(client.callTool({ name: "echo" })).resolves.toMatchObject({ content: [{ text: "hi" }] });
  const call = rejection(client.callTool({ name: "hang" }));
  expect((await handle.look()).empty).toBe(false);
  await close();
  await handle.endInput();
  expect(await call).toMatchObject({ data: { code: "CALL_ABORTED" } });
  expect(closes).toBeGreaterThan(0);
  expect(lost).toEqual([]);
});

test("should be lost when the server closes by itself", async () => {
  const server = echoServer();
  const { open, close, lost } = makeHandle({ type: "in-memory", createServer: () => server });
  const { client } = await open();
  const call = rejection(client.callTool({ name: "hang" }));
  await server.close();
  expect(await call).toMatchObject({ data: { code: "CONNECTION_LOST" } });
  expect(lost).toMatchObject([{ code: "CONNECTION_LOST" }]);
  await close();
  expect(lost).toHaveLength(1);
});

test("should not be empty while the server closes, whatever that takes", async () => {
  let closed: () => void = () => undefined;
  const closing = new Promise<void>((resolve) => (closed = resolve));
  let closes = 0;
  const createServer = () => {
    const server = echoServer();
    return { connect: server.connect.bind(server), close: () => ((closes += 1), closing) };
  };
  const { handle, open, seen } = makeHandle({ type: "in-memory", createServer });
  await open();
  let over = 0;
  const ended = [handle.endInput(), handle.endInput()].map((end) => end.then(() => (over += 1)));
  expect(await handle.look()).toEqual({ empty: false, survivors: [], unreaped: [], doubtful: [], sockets: 1 });
  expect([over, closes]).toEqual([0, 1]);
  closed();
  await Promise.all(ended);
  expect((await handle.look()).empty).toBe(true);
  expect(seen.stirs).toBe(1);
});

test("should have no goodbye to say, list its tools again, and be closed when it is disposed", async () => {
  let closes = 0;
  const createServer = () => {
    const server = echoServer();
    server.server.onclose = () => void (closes += 1);
    return server;
  };
  const { handle, open } = makeHandle({ type: "in-memory", createServer });
  await open();
  expect(await handle.release(AbortSignal.timeout(1_000))).toBe(false);
  expect(await handle.listTools(AbortSignal.timeout(1_000))).toHaveLength(2);
  expect(closes).toBe(0);
  handle.dispose();
  await until(() => closes > 0, "the server is open");
});

test("LP-18 should close a server that is made after the end began", async () => {
  let make: (server: McpServer) => void = () => undefined;
  const made = new Promise<McpServer>((resolve) => (make = resolve));
  let asked = false;
  const createServer = () => {
    asked = true;
    return made;
  };
  const { handle, open } = makeHandle({ type: "in-memory", createServer });
  const opening = rejection(open());
  await until(() => asked, "no server was asked for");
  await handle.endInput();
  expect(await opening).toMatchObject({ code: "OPEN_ABORTED" });
  expect(await handle.look()).toMatchObject({ empty: false, sockets: 1 });
  let closed = false;
  const server = echoServer();
  server.close = async () => void (closed = true);
  make(server);
  await until(async () => (await handle.look()).empty, "the late server was never closed");
  expect(closed).toBe(true);
});

test("should contain a server whose close throws, and one that cannot be made", async () => {
  const broken = () => {
    const server = echoServer();
    return {
      connect: server.connect.bind(server),
      close: () => {
        throw new Error("cannot close");
      },
    };
  };
  const first = makeHandle({ type: "in-memory", createServer: broken });
  await first.open();
  await first.close();
  expect(first.warnings).toEqual([expect.stringContaining("cannot close")]);

  const second = makeHandle({ type: "in-memory", createServer: () => Promise.reject(new Error("cannot make")) });
  expect(await rejection(second.open())).toMatchObject({
    stage: "connect",
    message: expect.stringContaining("cannot make") as string,
  });
  expect((await second.handle.look()).empty).toBe(true);
});
