/* oxlint-disable unicorn/prefer-add-event-listener -- clients and transports are no EventTargets */
import { once } from "node:events";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as SdkTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect, test } from "vitest";
import { LifecycleError } from "../../src/errors/index.js";
import { noLogger } from "../../src/ports/index.js";
import { createProcessHost } from "../../src/processes/index.js";
import { hostileServer, type HostileServerName } from "../../src/testing/hostile/index.js";
import { createWitness } from "../../src/testing/witness/index.js";
import { type AdoptedServerConfig, createAdoptedHandle } from "../../src/transports/index.js";
import { closeHandle, context } from "./support/opened.js";
import { rejection, until } from "./support/until.js";

function adopt(config: Omit<AdoptedServerConfig, "type">) {
  const lost: LifecycleError[] = [];
  const request = {
    connectionId: "c",
    config: { command: "unused" },
    context,
    calls: { start: () => ({ finish: () => undefined }) },
    onLost: (error: LifecycleError) => void lost.push(error),
    onStir: () => undefined,
    onToolsChanged: () => undefined,
  };
  const deps = { processHost: createProcessHost(), logger: noLogger };
  return { handle: createAdoptedHandle(request, { type: "adopted", ...config }, deps), lost };
}

/** What a host does before it hands its transport over. */
async function hostOpens(name: HostileServerName, env: Record<string, string>) {
  const server = hostileServer(name);
  const transport = new SdkTransport({ ...server, env: { ...server.env, ...env }, stderr: "ignore" });
  const client = new Client({ name: "host", version: "1" });
  await client.connect(transport);
  return { client, transport, pid: transport.pid ?? 0 };
}

test("should close a transport of the host and end the whole tree of its process", async () => {
  await using witness = await createWitness();
  const { client, transport, pid } = await hostOpens("helper-holds-stdio", witness.env);
  const { handle, lost } = adopt({ transport, pid });
  const opened = await handle.open(AbortSignal.timeout(5_000));
  expect(handle).toMatchObject({ kind: "adopted", pid });
  expect(opened.tools).toEqual([]);
  expect(await rejection(opened.client.callTool({ name: "echo" }))).toBeInstanceOf(LifecycleError);
  await expect(client.callTool({ name: "echo", arguments: { message: "hi" } })).resolves.toBeDefined();

  await closeHandle(handle);

  await witness.gone({ withinMs: 500 });
  expect(lost).toEqual([]);
});

test("should be lost when the adopted transport closes by itself, and keep the host's own onclose", async () => {
  await using witness = await createWitness();
  const { client, transport, pid } = await hostOpens("well-behaved", witness.env);
  const { handle, lost } = adopt({ transport, pid });
  await handle.open(AbortSignal.timeout(5_000));
  const closed = new Promise<void>((resolve) => (client.onclose = resolve));
  process.kill(pid, "SIGKILL");
  await closed;
  await until(() => lost.length === 1, "the loss was not reported");
  expect(lost).toMatchObject([{ code: "CONNECTION_LOST" }]);
  await closeHandle(handle);
  await witness.gone({ withinMs: 500 });
});

test("should not be empty until the transport's close has settled, and contain what it throws", async () => {
  let fail: (error: Error) => void = () => undefined;
  const closing = new Promise<void>((_resolve, reject) => (fail = reject));
  const transport = { start: () => Promise.resolve(), send: () => Promise.resolve(), close: () => closing };
  const { handle } = adopt({ transport });
  await handle.open(AbortSignal.timeout(1_000));
  await handle.endInput();
  expect(await handle.look()).toMatchObject({ empty: false, sockets: 1 });
  fail(new Error("cannot close"));
  await until(async () => (await handle.look()).empty, "it never became empty");
});

test("should reject the adoption of a process that does not exist", async () => {
  const { spawn } = await import("node:child_process");
  const gone = spawn(process.execPath, ["-e", ""]);
  await once(gone, "exit");
  const transport = { start: () => Promise.resolve(), send: () => Promise.resolve(), close: () => Promise.resolve() };
  const { handle } = adopt({ transport, pid: gone.pid });
  expect(await rejection(handle.open(AbortSignal.timeout(1_000)))).toMatchObject({
    code: "OPEN_FAILED",
    stage: "spawn",
  });
});
