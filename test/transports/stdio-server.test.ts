import { PassThrough } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import type { LifecycleError } from "../../src/errors/index.js";
import type { ProcessHost, TreeRef } from "../../src/ports/index.js";
import { createWorld, type ProcessShape } from "../../src/testing/simulation/index.js";
import { createStdioServer } from "../../src/transports/stdio-server.js";
import { rejection } from "./support/until.js";

const spec = { command: "server", args: [], env: {}, cookie: "MCP_LIFECYCLE_one" };
const ping = { jsonrpc: "2.0", id: 1, method: "ping" } as const;
const lasts: ProcessShape = { onEof: "ignored" };

/** A server of a virtual program, everything that it told, and the other ends of its pipes. */
function createServer(shape: ProcessShape = lasts) {
  const { clock, processHost } = createWorld({ programs: { server: shape } });
  const told = { messages: 0, problems: [] as Error[], exits: 0, gone: [] as LifecycleError[], stderr: "" };
  const server = createStdioServer({
    processHost,
    clock,
    maxLineBytes: 1_000,
    onMessage: () => void (told.messages += 1),
    onProblem: (error) => void told.problems.push(error),
    onStderr: (chunk) => void (told.stderr += chunk.toString()),
    onExit: () => void (told.exits += 1),
    onGone: (error) => void told.gone.push(error),
  });
  const start = async () => {
    await clock.run(server.start(spec));
    return pipesOf(server.spawned);
  };
  return { clock, processHost, server, told, start };
}

function pipesOf(tree: { stdin: unknown; stdout: unknown; stderr: unknown } | undefined) {
  const pipes = [tree?.stdin, tree?.stdout, tree?.stderr].filter((pipe) => pipe instanceof PassThrough);
  const [stdin, stdout, stderr] = pipes;
  if (stdin === undefined || stdout === undefined || stderr === undefined) throw new Error("it was not started");
  return { stdin, stdout, stderr };
}

describe("a server that ends by itself", () => {
  test("should be gone as soon as it has exited and all its pipes have ended, and say how", async () => {
    const { clock, told, start, server } = createServer({ ...lasts, exitsAfterMs: 500, exit: { code: 7 } });
    const { stdin, stdout, stderr } = await start();
    stderr.write("cannot go on\n");
    for (const pipe of [stdout, stderr]) pipe.end();
    stdin.destroy();
    await clock.advanceTo(99);
    expect(told.gone).toEqual([]);
    await clock.advanceTo(100);
    expect(told.gone).toMatchObject([
      { code: "CONNECTION_LOST", message: expect.stringContaining("closed its stdin or stdout") as string },
    ]);
    await clock.advanceTo(500);
    expect(server.exit).toEqual({ code: 7, signal: null });
    expect(told).toMatchObject({ exits: 1, stderr: "cannot go on\n" });
    expect(told.gone).toHaveLength(1);
  });

  test("should be gone without a wait when nothing of it is missing", async () => {
    const { clock, told, start } = createServer({ ...lasts, exitsAfterMs: 500, exit: { code: 7 } });
    const { stdin, stdout, stderr } = await start();
    await clock.advanceTo(500);
    stderr.write("cannot go on\n");
    for (const pipe of [stdout, stderr]) pipe.end();
    stdin.destroy();
    await clock.settle();
    expect(clock.now()).toBe(500);
    expect(told.gone).toMatchObject([
      {
        code: "CONNECTION_LOST",
        message: expect.stringMatching(/code 7.*; its stderr ends with "cannot go on"/) as string,
      },
    ]);
    expect(clock.pending).toEqual([]);
  });

  test("should be gone 100 ms after its exit though a helper holds its pipes, and deliver what it says until then (LP-26)", async () => {
    const { clock, told, start } = createServer({ ...lasts, exitsAfterMs: 500, exit: { code: 7 } });
    const { stdout } = await start();
    await clock.advanceTo(599);
    stdout.write(`${JSON.stringify(ping)}\n`);
    await clock.settle();
    expect(told).toMatchObject({ gone: [], messages: 1, exits: 1 });
    await clock.advanceTo(600);
    expect(told.gone).toMatchObject([{ message: expect.stringContaining("exited with code 7") as string }]);
    expect(told.gone[0]?.message).not.toContain("stderr");
  });

  test("should wait 100 ms from the first end, whatever ends after it", async () => {
    const { clock, told, start } = createServer({ ...lasts, exitsAfterMs: 50 });
    const { stdout } = await start();
    stdout.resume().end();
    await clock.advanceTo(99);
    expect(told.gone).toEqual([]);
    await clock.advanceTo(100);
    expect(told.gone).toHaveLength(1);
  });

  test("should not be gone because it closed its stderr", async () => {
    const { clock, told, start } = createServer();
    (await start()).stderr.end();
    await clock.advanceBy(10_000);
    expect(told.gone).toEqual([]);
    expect(clock.pending).toEqual([]);
  });

  test("should be gone at once when it does not speak the protocol, reject who waits to write, and be gone once", async () => {
    const { clock, told, start, server } = createServer({ ...lasts, exitsAfterMs: 500 });
    const { stdin, stdout } = await start();
    stdin.write = () => false;
    const sending = rejection(server.send(ping));
    stdout.write("x".repeat(2_000));
    await clock.settle();
    expect(told.gone).toMatchObject([{ code: "SERVER_OUTPUT" }]);
    expect(await sending).toBe(told.gone[0]);
    await clock.advanceBy(10_000);
    expect(told.gone).toHaveLength(1);
    expect(clock.pending).toEqual([]);
  });

  test("should tell nothing any more when it was disposed, and keep no timer", async () => {
    const { clock, told, start, server } = createServer({ ...lasts, exitsAfterMs: 500 });
    const { stdout } = await start();
    stdout.resume().end();
    await clock.advanceBy(10);
    expect(clock.pending).toHaveLength(1);
    server.dispose();
    expect(clock.pending).toEqual([]);
    await clock.advanceBy(10_000);
    expect(told).toMatchObject({ gone: [], exits: 0 });
    expect(server.exit).toEqual({ code: 0, signal: null });
    expect(clock.pending).toEqual([]);
  });

  test("should wait for nothing when it exits after it was disposed", async () => {
    const { clock, told, start, server } = createServer({ ...lasts, exitsAfterMs: 500 });
    const { stdin } = await start();
    server.dispose();
    expect(stdin.destroyed).toBe(true);
    await clock.advanceTo(500);
    expect(clock.pending).toEqual([]);
    expect(told.exits).toBe(0);
  });
});

describe("starting a server", () => {
  test("should be done once", async () => {
    const { start } = createServer();
    await start();
    expect(await rejection(start())).toMatchObject({
      code: "OPEN_ABORTED",
      message: expect.stringContaining("once") as string,
    });
  });

  test.each(["endInput", "dispose"] as const)("should be refused after %s, and start nothing", async (end) => {
    const { start, server, processHost } = createServer();
    server[end]();
    expect(await rejection(start())).toMatchObject({
      code: "OPEN_ABORTED",
      message: expect.stringContaining("closed before") as string,
    });
    expect(processHost.answers.count("spawn")).toBe(0);
    expect(server.starting).toBe(false);
  });

  test("should say that a process may come, then which, until it runs", async () => {
    const { server, processHost, clock } = createServer();
    const spawn = processHost.spawn.bind(processHost);
    const born: TreeRef = { containment: "group", leader: { pid: 4, startTime: "1" }, cookie: spec.cookie };
    let tell: ((tree: TreeRef) => void) | undefined;
    const spied: typeof processHost.spawn = (...[wanted, onBorn]: Parameters<ProcessHost["spawn"]>) => {
      tell = onBorn;
      return spawn(wanted);
    };
    vi.spyOn(processHost, "spawn").mockImplementation(spied);
    processHost.answers.plans = { spawn: { hang: true } };
    expect(server.starting).toBe(false);
    const starting = server.start(spec);
    expect(server).toMatchObject({ starting: true, tree: undefined, spawned: undefined });
    expect(await clock.run(server.look())).toEqual({ survivors: [], unreaped: [], doubtful: [] });
    tell?.(born);
    expect(server).toMatchObject({ starting: true, tree: born, spawned: undefined });
    processHost.answers.thaw();
    await starting;
    expect(server.starting).toBe(false);
    expect(server.tree).toBe(server.spawned?.ref);
    expect((await clock.run(server.look())).survivors).toMatchObject([{ pid: server.tree?.leader.pid }]);
  });

  test("should leave no tree when it fails", async () => {
    const { server, processHost, start } = createServer();
    const born: TreeRef = { containment: "group", leader: { pid: 4, startTime: "1" }, cookie: spec.cookie };
    const failing: typeof processHost.spawn = (...[, onBorn]: Parameters<ProcessHost["spawn"]>) => {
      onBorn?.(born);
      return Promise.reject(new Error("no such program"));
    };
    vi.spyOn(processHost, "spawn").mockImplementation(failing);
    expect(await rejection(start())).toMatchObject({ message: "no such program" });
    expect(server).toMatchObject({ starting: false, tree: undefined, spawned: undefined });
  });

  test("should end the input of a process that is born after the end of input (LP-18)", async () => {
    const { server, processHost, clock, told } = createServer({});
    processHost.answers.plans = { spawn: { hang: true } };
    const starting = server.start(spec);
    server.endInput();
    processHost.answers.thaw();
    await starting;
    await clock.settle();
    expect(server.exit).toEqual({ code: 0, signal: null });
    expect(told).toMatchObject({ problems: [], exits: 1 });
  });

  test("should kill a process that is born after it was disposed, let go of it, and say so (LP-18)", async () => {
    const { server, processHost, clock, told } = createServer();
    processHost.answers.plans = { spawn: { hang: true } };
    const starting = server.start(spec);
    server.dispose();
    processHost.answers.thaw();
    await starting;
    const { stdin, stdout, stderr } = pipesOf(server.spawned);
    expect(processHost.log).toMatchObject([{ signal: "SIGKILL", pid: server.tree?.leader.pid }]);
    expect([stdin, stdout, stderr].map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
    await clock.settle();
    expect(processHost.rememberedTrees).toBe(0);
    expect(told).toMatchObject({ problems: [{ code: "OPEN_ABORTED" }], gone: [], exits: 0 });
    expect(told.problems[0]?.message).toContain(`pid ${server.tree?.leader.pid} was born after`);
  });
});

describe("a server that runs", () => {
  test("should be written to, and refuse that before it was started and after its end of input", async () => {
    const { server, start } = createServer();
    expect(await rejection(server.send(ping))).toMatchObject({ code: "CALL_ABORTED" });
    const { stdin } = await start();
    const line = new Promise((resolve) => stdin.once("data", (chunk: Buffer) => resolve(chunk.toString())));
    await server.send(ping);
    expect(await line).toBe(`${JSON.stringify(ping)}\n`);
    server.endInput();
    expect(stdin.writableEnded).toBe(true);
    expect(await rejection(server.send(ping))).toMatchObject({ code: "CALL_ABORTED" });
  });

  test("should be let go of once, with what it said on stderr", async () => {
    const { server, processHost, clock, start } = createServer();
    const { stdin, stdout, stderr } = await start();
    stderr.write("secret\n");
    await clock.settle();
    expect(server.stderr.text).toBe("secret\n");
    server.dispose();
    server.dispose();
    expect(server.stderr.text).toBe("");
    expect([stdin, stdout, stderr].map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
    expect(processHost.answers.count("forget")).toBe(1);
  });

  test("should be disposed before it was started without anything to let go of", () => {
    const { server, processHost } = createServer();
    server.dispose();
    expect(processHost.answers.count("forget")).toBe(0);
  });
});
