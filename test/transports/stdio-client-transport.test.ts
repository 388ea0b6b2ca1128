/* oxlint-disable unicorn/prefer-add-event-listener -- clients and transports are no EventTargets */
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as SdkTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect, onTestFinished, test } from "vitest";
import { hostileServer, type HostileServerName } from "../../src/testing/hostile/index.js";
import { createWitness, type Witness } from "../../src/testing/witness/index.js";
import { StdioClientTransport, type StdioTransportParameters } from "../../src/transports/index.js";
import { forcedMeans } from "../real/support/forced-means.js";
import { inlineServer } from "./support/inline-server.js";
import { runHost } from "./support/run-host.js";
import { rejection, until } from "./support/until.js";

const graces = { inputEndedMs: 300, terminatingMs: 300 };

async function connect(parameters: StdioTransportParameters) {
  const client = new Client({ name: "test", version: "1" });
  const transport = new StdioClientTransport({ ...graces, stderr: "ignore", ...parameters });
  let closes = 0;
  client.onclose = () => void (closes += 1);
  await client.connect(transport);
  return { client, transport, closes: () => closes };
}

/** What a transport that leaks has left is killed, by the kernel's word on who that is. */
function killLater(witness: Witness): Witness {
  onTestFinished(async () => {
    for (const { pid } of witness.holders()) process.kill(pid, "SIGKILL");
    await witness.gone({ withinMs: 5_000 });
    await witness.dispose();
  });
  return witness;
}

const leaky: HostileServerName[] = [
  "helper-ignored-stdio",
  "helper-holds-stdio",
  "wrapper-waits",
  "helper-double-fork",
];
test.each(leaky)("should leave nothing of %s, where the SDK's transport does", async (name) => {
  const theirs = killLater(await createWitness());
  const sdk = new SdkTransport({ ...hostileServer(name, { witness: theirs }), stderr: "ignore" });
  const client = new Client({ name: "test", version: "1" });
  await client.connect(sdk);
  await sdk.close();
  expect(theirs.isHeld, "the SDK has learned to leave nothing: this comparison says nothing any more").toBe(true);

  await using ours = await createWitness();
  const { transport } = await connect(hostileServer(name, { witness: ours }));
  await transport.close();
  await ours.gone();
  expect(transport.receipt).toMatchObject({ outcome: "closed", survivors: [] });
  expect(transport.pid).toBeNull();
});

test.each<[HostileServerName, string]>([
  ["well-behaved", "input-ended"],
  ["ignores-eof", "SIGTERM"],
  ["ignores-everything", forcedMeans],
])("LP-25 should end %s, and say by what", async (name, means) => {
  await using witness = await createWitness();
  const { transport, closes } = await connect(hostileServer(name, { witness }));
  await transport.close();
  await witness.gone();
  expect(transport.receipt).toMatchObject({ outcome: "closed", means });
  expect(closes()).toBe(1);
});

test("LP-31 should let whoever closes join the closing under way", async () => {
  await using witness = await createWitness();
  const { client, transport, closes } = await connect(hostileServer("ignores-everything", { witness }));
  const first = transport.close();
  const held = await Promise.all(
    [first, transport.close(), client.close()].map(async (closing) => {
      await closing;
      return witness.isHeld;
    }),
  );
  expect(held).toEqual([false, false, false]);
  expect(transport.close()).toBe(transport.close());
  expect(closes()).toBe(1);
});

test("LP-30 should reject what is in flight when the leader dies, and end the rest by itself", async () => {
  await using witness = await createWitness();
  const { client, transport, closes } = await connect(hostileServer("helper-holds-stdio", { witness }));
  const call = rejection(client.callTool({ name: "hang", arguments: {} }));
  const errors: Error[] = [];
  client.onerror = (error) => void errors.push(error);
  process.kill(transport.pid ?? 0, "SIGKILL");

  expect(await call).toMatchObject({
    data: { code: "CONNECTION_LOST" },
    message: expect.stringContaining("SIGKILL") as string,
  });
  expect(closes()).toBe(1);
  await witness.gone({ withinMs: 5_000 });
  await transport.close();
  expect(transport.receipt?.exit).toEqual({ code: null, signal: "SIGKILL" });
  expect(errors).toMatchObject([{ code: "CONNECTION_LOST" }]);
  expect(closes()).toBe(1);
});

test("should reject what is in flight though the host's onclose throws", async () => {
  const { client, transport } = await connect(hostileServer("well-behaved"));
  const errors: Error[] = [];
  client.onerror = (error) => void errors.push(error);
  client.onclose = () => {
    throw new Error("the host's own");
  };
  const call = rejection(client.callTool({ name: "hang", arguments: {} }));
  await transport.close();
  expect(await call).toMatchObject({ data: { code: "CALL_ABORTED" } });
  expect(errors).toMatchObject([{ cause: { message: "the host's own" } }]);
});

test("should start once, also after a close that came too early", async () => {
  const transport = new StdioClientTransport({ ...hostileServer("well-behaved"), ...graces });
  await transport.close();
  await transport.start();
  expect(await rejection(transport.start())).toMatchObject({ code: "OPEN_ABORTED" });
  await transport.close();
  expect(transport.receipt?.outcome).toBe("closed");
  expect(await rejection(transport.start())).toMatchObject({ code: "OPEN_ABORTED" });
});

test("should close what a start is still bringing up", async () => {
  await using witness = await createWitness();
  const transport = new StdioClientTransport({ ...hostileServer("ignores-everything", { witness }), ...graces });
  const starting = transport.start();
  await transport.close();
  await starting;
  expect(transport.receipt?.outcome).toBe("closed");
  expect(witness.isHeld).toBe(false);
});

test("should reject a start that fails, tell the client that it is closed, and have nothing to close", async () => {
  const client = new Client({ name: "test", version: "1" });
  const transport = new StdioClientTransport({ command: "/nonexistent/mcp-server" });
  expect(await rejection(client.connect(transport))).toMatchObject({ code: "SPAWN_FAILED" });
  expect(client.transport).toBeUndefined();
  await transport.close();
});

test("should close by itself when a message is longer than maxBufferSize", async () => {
  const errors: Error[] = [];
  const { client, transport, closes } = await connect({
    ...inlineServer({ onCall: `{ content: "x".repeat(5000) }` }),
    maxBufferSize: 4_096,
  });
  client.onerror = (error) => void errors.push(error);
  expect(await rejection(client.callTool({ name: "flood" }))).toMatchObject({ data: { code: "SERVER_OUTPUT" } });
  expect(errors).toMatchObject([{ code: "SERVER_OUTPUT" }]);
  await transport.close();
  expect(closes()).toBe(1);
});

test("LP-34 should neither block on a stderr that nobody reads nor lose one that is read", async () => {
  await using witness = await createWitness();
  const { client, transport } = await connect({ ...hostileServer("floods-stderr", { witness }), stderr: "pipe" });
  await client.listTools();
  const { readableLength = 0, writableLength = 0 } = transport.stderr ?? {};
  expect(readableLength).toBeGreaterThan(100_000);
  expect(readableLength + writableLength, "what nobody reads is kept without a limit").toBeLessThan(1024 * 1024);
  await transport.close();
  await witness.gone();

  const read = new StdioClientTransport({
    command: process.execPath,
    args: ["-e", 'console.error("crashed")'],
    stderr: "pipe",
  });
  let text = "";
  read.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  await read.start();
  await until(
    () => text === "crashed\n",
    () => `stderr gave ${JSON.stringify(text)}`,
  );
  await read.close();
});

test("should say in the receipt, and to onerror, who could not be ended", async () => {
  const errors: Error[] = [];
  const { createProcessHost } = await import("../../src/processes/index.js");
  const host = createProcessHost();
  const processHost = { ...host, signal: async () => ({ signalled: [], refused: [] }) };
  await using witness = await createWitness();
  const { client, transport } = await connect({
    ...hostileServer("ignores-eof", { witness }),
    processHost,
    inputEndedMs: 50,
    terminatingMs: 50,
    verifyMs: 50,
  });
  client.onerror = (error) => void errors.push(error);
  const pid = transport.pid;
  await transport.close();
  expect(transport.receipt).toMatchObject({ outcome: "leaked", survivors: [{ pid }] });
  expect(transport.pid).toBe(pid);
  expect(errors).toMatchObject([{ code: "TREE_LEAKED", message: expect.stringContaining(String(pid)) as string }]);
  process.kill(pid ?? 0, "SIGKILL");
  await witness.gone({ withinMs: 5_000 });
});

test("LP-26 LP-32 should let the host await its close, and exit then, although a helper holds the pipes", async () => {
  const theirs = killLater(await createWitness());
  const sdk = await runHost("stdio-host.ts", [
    "sdk",
    JSON.stringify(hostileServer("helper-holds-stdio", { witness: theirs })),
  ]);
  expect(sdk, "the SDK lets its host exit now: this comparison says nothing any more").toEqual({
    output: "done\n",
    code: undefined,
  });

  await using ours = await createWitness();
  const run = await runHost("stdio-host.ts", [
    "ours",
    JSON.stringify(hostileServer("helper-holds-stdio", { witness: ours })),
  ]);
  expect(run).toEqual({ output: "done\n", code: 0 });
  await ours.gone();
});
