import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { expect, test } from "vitest";
import { CallAbortedError, SessionEndedError } from "../../src/errors/index.js";
import type { McpClient } from "../../src/ports/index.js";
import { mcpServer, startLoopback } from "./support/loopback.js";
import { makeHandle } from "./support/opened.js";
import { rejection, until } from "./support/until.js";

/** A server in memory that says when it was told to give a call up. */
function memory() {
  const seen = { aborted: 0, calls: 0 };
  const createServer = () => {
    const server = new McpServer({ name: "memory", version: "1" });
    server.registerTool("echo", {}, () => ({ content: [] }));
    server.registerTool("hang", {}, ({ signal }) => {
      seen.calls += 1;
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          seen.aborted += 1;
          resolve({ content: [] });
        });
      });
    });
    return server;
  };
  return { seen, config: { type: "in-memory", createServer } as const };
}

test("should count a call from its request to its answer, and nothing of the opening", async () => {
  const { config } = memory();
  const { open, close, calls } = makeHandle(config);
  calls.refuse(() => new SessionEndedError("ended"));
  const { client } = await open();
  const thrown = await rejection(client.callTool({ name: "echo" }));
  expect(thrown, "the gate's own error is to reach the caller").toBeInstanceOf(SessionEndedError);
  expect(calls.inFlight).toBe(0);
  await close();
});

test("should settle a call that is given up, and tell the server", async () => {
  const { config, seen } = memory();
  const { open, close, calls } = makeHandle(config);
  const { client } = await open();
  const call = rejection(client.callTool({ name: "hang" }));
  await until(() => seen.calls === 1, "the call never came");

  calls.abort(() => new CallAbortedError("drained too long"));

  expect(await call).toMatchObject({
    message: expect.stringContaining("drained too long") as string,
    data: { code: "CALL_ABORTED" },
  });
  await until(() => seen.aborted === 1, "the server was not told");
  await close();
});

test("should finish the ticket of a call that its caller gives up", async () => {
  const { config, seen } = memory();
  const { open, close, calls } = makeHandle(config);
  const { client } = await open();
  const abort = new AbortController();
  const call = rejection(client.callTool({ name: "hang" }, undefined, { signal: abort.signal }));
  await until(() => seen.calls === 1, "the call never came");
  abort.abort();
  await call;
  expect(calls.inFlight).toBe(0);
  await until(() => seen.aborted === 1, "the server was not told");
  await close();
});

test("should keep the SDK from cancelling calls that are finished", async () => {
  const server = await startLoopback(mcpServer());
  const { open, close } = makeHandle({ url: server.url });
  const { client } = await open();
  const abort = new AbortController();
  for (let count = 0; count < 5; count += 1) {
    await client.callTool({ name: "echo" }, undefined, { signal: abort.signal });
  }
  abort.abort();
  await client.callTool({ name: "echo" });
  await close();
  expect(server.count("tools/call")).toBe(6);
  expect(server.count("notifications/cancelled")).toBe(0);
});

test("should ask for the client with its context, and connect it after onClient", async () => {
  const { config } = memory();
  const steps: string[] = [];
  const { open, close } = makeHandle(config, {
    createClient: ({ sessionKey }) => {
      steps.push(`create ${sessionKey}`);
      return new Client({ name: "mine", version: "1" });
    },
    onClient: async (client: McpClient, { server }) => {
      steps.push(`onClient ${server} ${client instanceof Client && client.transport === undefined}`);
    },
  });
  expect((await open()).client).toBeInstanceOf(Client);
  expect(steps).toEqual(["create chat:42", "onClient files true"]);
  await close();
});

test("LP-51 should contain what callbacks of the host throw", async () => {
  const { config } = memory();
  const fail = () => {
    throw new Error("the host's own");
  };
  const { open, close, calls, warnings } = makeHandle(config, {
    onClient: (client) => void Object.assign(client, { onclose: fail, onerror: fail }),
  });
  const { client } = await open();
  const call = rejection(client.callTool({ name: "hang" }));
  await until(() => calls.inFlight === 1, "the call never started");
  await close();
  expect(await call).toMatchObject({ data: { code: "CALL_ABORTED" } });
  expect(warnings).toEqual([expect.stringContaining("the host's own")]);

  const refused = makeHandle(config, { onClient: fail });
  expect(await rejection(refused.open())).toMatchObject({
    code: "OPEN_FAILED",
    message: expect.stringContaining("the host's own") as string,
  });
});

test("should close nothing by itself when the client is closed, and report the loss", async () => {
  const { config } = memory();
  const { handle, open, close, lost } = makeHandle(config);
  const { client } = await open();
  await client.close();
  expect((await handle.look()).empty).toBe(false);
  expect(lost.map(({ code }) => code)).toEqual(["CONNECTION_LOST"]);
  await close();
});

test("should open once, whoever asks", async () => {
  const { config } = memory();
  const { handle, close } = makeHandle(config);
  const signal = AbortSignal.timeout(5_000);
  expect(handle.open(signal)).toBe(handle.open(signal));
  await handle.open(signal);
  await close();
});
