import { expect, test } from "vitest";
import { type Ledger, noLedger } from "../../src/ports/index.js";
import { createProcessHost, type TreeSpec } from "../../src/processes/index.js";
import { hostileServer, type HostileServerName } from "../../src/testing/hostile/index.js";
import { createWitness } from "../../src/testing/witness/index.js";
import { inlineServer } from "./support/inline-server.js";
import { emptyWithin, makeHandle } from "./support/opened.js";
import { rejection, until } from "./support/until.js";

test("should open a server, list its tools, answer a call, and leave nothing", async () => {
  await using witness = await createWitness();
  const { handle, open, close, lost } = makeHandle(hostileServer("well-behaved", { witness }));

  const { client, tools } = await open();
  expect(tools.length).toBeGreaterThan(0);
  expect(handle.pid).toBe(witness.holders()[0]?.pid);
  expect((await handle.look()).empty).toBe(false);
  await close();

  await witness.gone();
  await expect(client.callTool({ name: "echo", arguments: {} })).rejects.toThrow();
  expect(lost).toEqual([]);
});

const hostile: HostileServerName[] = [
  "ignores-everything",
  "helper-holds-stdio",
  "helper-holds-stderr",
  "helper-ignored-stdio",
  "helper-detached",
  "helper-double-fork",
  "wrapper-waits",
  "floods-stderr",
];
test.each(hostile)("should leave nothing of %s", async (name) => {
  await using witness = await createWitness();
  const { open, close } = makeHandle(hostileServer(name, { witness }));
  await open();
  await close();
  await witness.gone({ withinMs: 200 });
});

test("LP-30 should report a leader that dies, once, with its exit, and answer what is in flight", async () => {
  await using witness = await createWitness();
  const { handle, open, close, lost, seen, calls } = makeHandle(hostileServer("helper-holds-stdio", { witness }));
  const { client } = await open();
  const call = client.callTool({ name: "hang", arguments: {} });
  await until(() => calls.inFlight === 1, "the call never started");

  process.kill(handle.pid ?? 0, "SIGKILL");

  expect(await rejection(call)).toMatchObject({ data: { code: "CONNECTION_LOST" } });
  expect(calls.inFlight).toBe(0);
  expect(lost.map(({ message }) => message)).toEqual([expect.stringContaining("ended by SIGKILL")]);
  expect(seen.stirs).toBeGreaterThan(0);
  expect((await handle.look()).exit).toEqual({ code: null, signal: "SIGKILL" });
  await close();
  await witness.gone({ withinMs: 200 });
  expect(lost).toHaveLength(1);
});

test("should name stage, exit and stderr of a server that crashes in initialize", async () => {
  await using witness = await createWitness();
  const { open, close } = makeHandle(hostileServer("crashes-with-helper", { witness }));

  expect(await rejection(open())).toMatchObject({
    code: "OPEN_FAILED",
    stage: "initialize",
    server: "files",
    message: expect.stringContaining("exited with code 7") as string,
  });
  await close();
  await witness.gone({ withinMs: 200 });
});

test("should quote the last line of stderr when opening fails, once", async () => {
  const script = 'console.error("first"); console.error("Cannot find module"); process.exitCode = 3';
  const { handle, open, close } = makeHandle({ command: process.execPath, args: ["-e", script] });
  const thrown = await rejection(open());
  expect(thrown).toMatchObject({ code: "OPEN_FAILED", message: expect.stringMatching(/code 3.*Cannot find module/) });
  expect(String(thrown).split("Cannot find module")).toHaveLength(2);
  expect((await handle.look()).stderrTail).toBe("first\nCannot find module\n");
  await close();
});

test("should reject in stage spawn, and be empty, where there is no such program", async () => {
  const { handle, open } = makeHandle({ command: "/nonexistent/mcp-server" });
  expect(await rejection(open())).toMatchObject({ code: "OPEN_FAILED", stage: "spawn" });
  expect((await handle.look()).empty).toBe(true);
  handle.dispose();
});

test("LP-21 should reject promptly when aborted in initialize, and keep the tree in the handle", async () => {
  await using witness = await createWitness();
  const { handle, close } = makeHandle(hostileServer("never-initializes", { witness }));
  const abort = new AbortController();
  const opening = handle.open(abort.signal);
  await witness.held();

  abort.abort(new Error("the session ended"));

  expect(await rejection(opening)).toMatchObject({
    code: "OPEN_ABORTED",
    message: expect.stringContaining("the session ended") as string,
  });
  expect((await handle.look()).survivors.map(({ pid }) => pid)).toContain(handle.pid);
  await close();
  await witness.gone({ withinMs: 200 });
});

test("LP-18 should see a process that is born after its end began", async () => {
  await using witness = await createWitness();
  const { processHost, letGo } = slowHost();
  const { handle, open } = makeHandle(hostileServer("well-behaved", { witness }), { processHost });
  const opening = rejection(open());
  await witness.held();
  await handle.endInput();
  expect((await handle.look()).empty).toBe(false);
  expect(handle.tree).toBeUndefined();

  letGo();

  expect(await opening).toMatchObject({ code: "OPEN_ABORTED" });
  expect(handle.pid).toBeGreaterThan(0);
  expect(await emptyWithin(handle, 5_000)).toBe(true);
  handle.dispose();
  await witness.gone();
});

test("LP-18 should end a process that is born after everybody gave it up", async () => {
  await using witness = await createWitness();
  const { processHost, letGo } = slowHost();
  const { handle, open } = makeHandle(hostileServer("ignores-everything", { witness }), { processHost });
  const opening = rejection(open());
  await witness.held();
  handle.dispose();

  letGo();

  expect(await opening).toMatchObject({ code: "OPEN_ABORTED" });
  await witness.gone({ withinMs: 2_000 });
});

test("should never be opened once its end began", async () => {
  const { handle, open } = makeHandle(hostileServer("well-behaved"));
  await handle.endInput();
  expect(await rejection(open())).toMatchObject({ code: "OPEN_ABORTED" });
  expect(handle.tree).toBeUndefined();
  expect((await handle.look()).empty).toBe(true);
});

test("should fail to open, naming why, when a line never ends", async () => {
  await using witness = await createWitness();
  const { open, close, lost } = makeHandle(hostileServer("floods-stdout", { witness }));
  expect(await rejection(open())).toMatchObject({ stage: "list", cause: { code: "SERVER_OUTPUT" } });
  expect(lost).toEqual([]);
  await close();
  await witness.gone({ withinMs: 200 });
});

test("should be lost when a line never ends after it was opened", async () => {
  const { open, close, lost } = makeHandle(
    inlineServer({ onCall: `process.stdout.write("x".repeat(11 * 1024 * 1024))` }),
  );
  const { client } = await open();
  expect(await rejection(client.callTool({ name: "flood" }))).toMatchObject({ data: { code: "SERVER_OUTPUT" } });
  expect(lost).toMatchObject([{ code: "SERVER_OUTPUT" }]);
  await close();
});

test("should go on after lines that are no messages", async () => {
  const errors: unknown[] = [];
  const { open, close, lost } = makeHandle(
    inlineServer({ onCall: `(console.log("hello\\n\\n{}\\nnull"), { content: [] })` }),
    {
      onClient: (client) => void Object.assign(client, { onerror: (error: unknown) => errors.push(error) }),
    },
  );
  const { client } = await open();
  await expect(client.callTool({ name: "greet" })).resolves.toEqual({ content: [] });
  expect(errors).toMatchObject([{ code: "SERVER_OUTPUT" }, { code: "SERVER_OUTPUT" }, { code: "SERVER_OUTPUT" }]);
  await close();
  expect(lost).toEqual([]);
});

test("should reject a send to a server that does not read, when its end begins", async () => {
  await using witness = await createWitness();
  const { handle, open, close } = makeHandle(hostileServer("well-behaved", { witness }));
  const { client } = await open();
  process.kill(handle.pid ?? 0, "SIGSTOP");
  const big = "x".repeat(1024 * 1024);
  const calls = [1, 2, 3].map(() => rejection(client.callTool({ name: "echo", arguments: { big } })));

  await handle.endInput();

  for (const thrown of await Promise.all(calls)) expect(thrown).toMatchObject({ data: { code: "CALL_ABORTED" } });
  await close();
  await witness.gone({ withinMs: 200 });
});

test("should write the ledger before the spawn and clear it when disposed", async () => {
  const steps: string[] = [];
  const ledger: Ledger = {
    ...noLedger,
    intend: async ({ server, cookie }) => void steps.push(`intend ${server} ${cookie.slice(0, 14)}`),
    started: async (_id, tree) => void steps.push(`started ${tree.leader.pid}`),
    remove: async () => void steps.push("remove"),
  };
  const { handle, open, close } = makeHandle(hostileServer("well-behaved"), { ledger });
  await open();
  await close();
  await until(
    () => steps.length === 3,
    () => `steps: ${steps.join(", ")}`,
  );
  expect(steps).toEqual(["intend files MCP_LIFECYCLE_", `started ${handle.pid}`, "remove"]);
});

test("should spawn nothing when the ledger cannot be written", async () => {
  const ledger: Ledger = { ...noLedger, intend: () => Promise.reject(new Error("ENOSPC")) };
  const { handle, open } = makeHandle(hostileServer("well-behaved"), { ledger });
  expect(await rejection(open())).toMatchObject({ stage: "spawn", message: expect.stringContaining("ENOSPC") });
  expect(handle.tree).toBeUndefined();
});

test("should ask env for its context, add the safe defaults, and hand on nothing else but outer cookies", async () => {
  const outer = "MCP_LIFECYCLE_00112233445566778899aabbccddeeff";
  process.env[outer] = "1";
  process.env["GATEWAY_SECRET"] = "hidden";
  try {
    const { open, close } = makeHandle({
      ...inlineServer({
        onList: `{ tools: [{ name: "env", description: JSON.stringify(process.env), inputSchema: { type: "object" } }] }`,
      }),
      env: ({ sessionKey, server }) => ({ FOR: `${sessionKey}/${server}` }),
    });
    const { tools } = await open();
    await close();
    const env = JSON.parse(tools[0]?.description ?? "{}") as Record<string, string>;
    expect(env).toMatchObject({ FOR: "chat:42/files", PATH: process.env["PATH"], [outer]: "1" });
    expect(env).not.toHaveProperty("GATEWAY_SECRET");
    const cookies = Object.entries(env).filter(([name]) => /^MCP_LIFECYCLE_[0-9a-f]{32}$/.test(name));
    expect(cookies.map(([, value]) => value)).toEqual(["1", "1"]);
  } finally {
    delete process.env[outer];
    delete process.env["GATEWAY_SECRET"];
  }
});

test("should report a client that its host closed as a loss, so that the machine ends the rest", async () => {
  await using witness = await createWitness();
  const { open, close, lost } = makeHandle(hostileServer("well-behaved", { witness }));
  const { client } = await open();

  await client.close();

  expect(lost.map(({ code }) => code)).toEqual(["CONNECTION_LOST"]);
  await close();
  await witness.gone();
});

/** A host whose processes run before it says that they do. */
function slowHost() {
  const host = createProcessHost();
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const spawn = async (spec: TreeSpec) => {
    const spawned = await host.spawn(spec);
    await gate;
    return spawned;
  };
  return { processHost: { ...host, spawn }, letGo: () => letGo() };
}
