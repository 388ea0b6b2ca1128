import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { PassThrough } from "node:stream";
import { describe, expect, test, vi } from "vitest";
import type { StdioServerConfig } from "../../src/config/server-config.js";
import {
  type LedgerEntry,
  noLedger,
  type ProcessHost,
  type SpawnedTree,
  type TreeSpec,
} from "../../src/ports/index.js";
import { createWorld, type ProcessShape, type WorldOptions } from "../../src/testing/simulation/index.js";
import { makeHandle } from "./support/opened.js";
import { rejection, until } from "./support/until.js";

const deaf: ProcessShape = { onEof: "ignored", onSigterm: "ignored" };
const notify: ProcessShape = { command: "notify", onEof: "ignored", exitsAfterMs: 10 };

/** A handle of a virtual process that speaks the protocol, its host, and what went to the ledger. */
function createStdio(shape: ProcessShape = {}, config: Partial<StdioServerConfig> = {}, world: WorldOptions = {}) {
  const { clock, processHost, processes } = createWorld({ ...world, programs: { server: shape, notify } });
  const spawn = processHost.spawn.bind(processHost);
  const spawning = vi
    .spyOn(processHost, "spawn")
    .mockImplementation(async (...[spec, onBorn]: Parameters<ProcessHost["spawn"]>) => {
      const tree = await spawn(spec);
      onBorn?.(tree.ref);
      if (spec.command === "server") await speak(tree, spec);
      return tree;
    });
  const steps: string[] = [];
  const entries: LedgerEntry[] = [];
  const ledger = {
    ...noLedger,
    intend: async (entry: LedgerEntry) => void (steps.push("intend"), entries.push(entry)),
    started: async (_id: string, { leader }: { leader: { pid: number } }) => void steps.push(`started ${leader.pid}`),
    remove: async () => void steps.push("remove"),
  };
  const taken: string[] = [];
  vi.spyOn(processHost, "announce").mockImplementation(() => {
    taken.push("announced");
    return async () => void taken.push("taken back");
  });
  const made = makeHandle({ command: "server", ...config }, { processHost, clock, ledger });
  return { ...made, clock, processHost, processes, spawning, steps, entries, taken };
}

async function speak({ stdin, stdout, stderr }: SpawnedTree, { args }: TreeSpec): Promise<void> {
  const [input, output, errors] = [stdin, stdout, stderr].filter((pipe) => pipe instanceof PassThrough);
  const server = new Server({ name: "virtual", version: "1" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => {
    if (!args.includes("--broken")) return { tools: [] };
    errors?.write("cannot read its own list\n");
    throw new Error("no tools today");
  });
  server.setRequestHandler(CallToolRequestSchema, () => new Promise(() => undefined));
  await server.connect(new StdioServerTransport(input, output));
}

describe("a stdio server, a step at a time", () => {
  test("should be started where, with what and as it is configured, and announced and recorded before that", async () => {
    const config = { args: ["-v"], cwd: "/srv", env: { A: "b" } };
    const { open, spawning, steps, taken, entries, handle } = createStdio({}, config);
    expect(handle).toMatchObject({ kind: "stdio", pid: undefined, tree: undefined, containment: "group" });
    await open();
    const [spec] = spawning.mock.calls[0] ?? [];
    expect(spec).toMatchObject({ command: "server", args: ["-v"], cwd: "/srv", env: { A: "b" } });
    expect(entries).toMatchObject([
      { server: "files", session: "chat:42", cookie: spec?.cookie, place: { containment: "group" } },
    ]);
    await until(() => steps.length === 2, "the start was not recorded");
    expect(steps).toEqual(["intend", `started ${handle.pid}`]);
    expect(taken).toEqual(["announced"]);
    expect(handle.tree?.leader.pid).toBe(handle.pid);
  });

  test("should be started without arguments where there are none", async () => {
    const { open, spawning } = createStdio();
    await open();
    expect(spawning.mock.calls[0]?.[0].args).toEqual([]);
  });

  test("should say how its tree is held, and not how another would be", async () => {
    const { open, handle, processHost } = createStdio({}, {}, { containment: "cgroup" });
    expect(handle.containment).toBe("cgroup");
    await open();
    Object.assign(processHost, { containment: "group" });
    expect(handle.containment).toBe("cgroup");
  });

  test("should be asked, told and killed, and be empty only when nobody is left", async () => {
    const { open, handle, processHost, clock, lost, seen } = createStdio({ ...deaf, onSigkill: 30 });
    await open();
    const pid = handle.pid;
    expect(await handle.look()).toMatchObject({
      empty: false,
      survivors: [{ pid }],
      sockets: 0,
      exit: undefined,
      stderrTail: "",
    });
    expect(await handle.release(AbortSignal.timeout(1_000))).toBe(false);
    await handle.endInput();
    await handle.terminate();
    await clock.settle();
    expect(await handle.look()).toMatchObject({ empty: false });
    await handle.kill();
    expect(processHost.log.map(({ signal }) => signal)).toEqual(["SIGTERM", "SIGKILL"]);
    const before = seen.stirs;
    await clock.advanceBy(30);
    expect(seen.stirs).toBeGreaterThan(before);
    expect(await handle.look()).toMatchObject({ empty: true, survivors: [], exit: { signal: "SIGKILL" } });
    expect(lost).toEqual([]);
  });

  test("should not be empty while somebody may be left", async () => {
    const { open, handle, processHost } = createStdio();
    await open();
    const doubtful = [{ pid: 60, startTime: "1", ppid: 1, pgid: 60, command: "whose?" }];
    vi.spyOn(processHost, "look").mockResolvedValue({ survivors: [], unreaped: [], doubtful });
    expect(await handle.look()).toMatchObject({ empty: false, doubtful });
  });

  test("should not be empty while a process may still come, and be when none did", async () => {
    const { open, handle, processHost } = createStdio();
    processHost.answers.plans = { spawn: { hang: true, fail: new Error("no memory") } };
    const opening = rejection(open());
    await until(() => processHost.answers.count("spawn") === 1, "nothing was started");
    expect(await handle.look()).toMatchObject({ empty: false, survivors: [] });
    processHost.answers.thaw();
    expect(await opening).toMatchObject({ stage: "spawn" });
    expect((await handle.look()).empty).toBe(true);
  });

  test("should have nobody to signal before there is a process", async () => {
    const { handle, processHost } = createStdio();
    await Promise.all([handle.terminate(), handle.kill()]);
    handle.killSync();
    expect(processHost.log).toEqual([]);
    expect(["signal", "killSync"].map((method) => processHost.answers.count(method as "signal"))).toEqual([0, 0]);
  });

  test("should be killed at once when its gateway exits", async () => {
    const { open, handle, processHost } = createStdio(deaf);
    await open();
    handle.killSync();
    expect(processHost.log).toMatchObject([{ signal: "SIGKILL", pid: handle.pid }]);
  });

  test("should be lost when it ends by itself, once, and stir whoever looks", async () => {
    const { open, clock, lost, seen } = createStdio({ ...deaf, exitsAfterMs: 500, exit: { code: 7 } });
    await open();
    await clock.advanceTo(500);
    expect({ lost, stirs: seen.stirs }).toEqual({ lost: [], stirs: 1 });
    await clock.advanceTo(600);
    expect(lost).toMatchObject([{ code: "CONNECTION_LOST", message: expect.stringContaining("code 7") as string }]);
  });

  test("should end its input, answer what is in flight, and be no loss then", async () => {
    const { open, handle, clock, lost } = createStdio();
    const { client } = await open();
    const call = rejection(client.callTool({ name: "hang" }));
    await handle.endInput();
    expect(await call).toMatchObject({ data: { code: "CALL_ABORTED" } });
    await clock.advanceBy(1_000);
    expect(await handle.look()).toMatchObject({ empty: true, exit: { code: 0 } });
    expect(lost).toEqual([]);
  });

  test("should show the host what it says that is no message, and go on", async () => {
    const errors: unknown[] = [];
    const { open, spawning, lost } = createStdio();
    const { client } = await open();
    Object.assign(client, { onerror: (error: unknown) => errors.push(error) });
    const tree = await spawning.mock.results[0]?.value;
    if (tree?.stdout instanceof PassThrough) tree.stdout.write("hello\n");
    await until(() => errors.length === 1, "its greeting was not shown");
    expect(errors).toMatchObject([{ code: "SERVER_OUTPUT" }]);
    expect(lost).toEqual([]);
  });

  test("should be forgotten with its record when it is disposed, and its client be told", async () => {
    const { open, handle, processHost, steps, taken } = createStdio();
    const { client } = await open();
    const call = rejection(client.callTool({ name: "hang" }));
    handle.dispose();
    expect(await call).toMatchObject({ data: { code: "CALL_ABORTED" } });
    await until(() => steps.includes("remove"), "its record stayed");
    expect(processHost.rememberedTrees).toBe(0);
    expect(taken).toEqual(["announced"]);
  });

  test("should take back what it announced when it was never started", async () => {
    const { open, handle, processHost, taken } = createStdio();
    processHost.answers.plans = { spawn: { fail: new Error("no memory") } };
    await rejection(open());
    handle.dispose();
    expect(taken).toEqual(["announced", "taken back"]);
  });

  test("should take nothing back before it announced anything", () => {
    const { handle, taken } = createStdio();
    handle.dispose();
    expect(taken).toEqual([]);
  });

  test("should list its tools again", async () => {
    const { open, handle } = createStdio();
    await open();
    expect(await handle.listTools(AbortSignal.timeout(1_000))).toEqual([]);
  });

  test("should quote what it wrote to stderr last, and nothing where it wrote nothing", async () => {
    const { open, handle, spawning } = createStdio();
    await open();
    expect(handle.hint).toBeUndefined();
    const tree = await spawning.mock.results[0]?.value;
    if (tree?.stderr instanceof PassThrough) tree.stderr.write('cannot open "x"\n');
    await until(() => handle.hint !== undefined, "its stderr was not read");
    expect(handle.hint).toBe(String.raw`its stderr ends with "cannot open \"x\""`);
  });

  test("should quote that in what its opening fails with, where the failure says nothing of it", async () => {
    const { open } = createStdio({}, { args: ["--broken"] });
    expect(await rejection(open())).toMatchObject({
      stage: "list",
      message: expect.stringMatching(/no tools today; its stderr ends with "cannot read its own list"/) as string,
    });
  });

  test("should give up an environment or a record that never comes when it is aborted", async () => {
    const late = createStdio({}, { env: () => new Promise(() => undefined) });
    const abort = new AbortController();
    const opening = rejection(late.handle.open(abort.signal));
    abort.abort(new Error("the session ended"));
    expect(await opening).toMatchObject({ code: "OPEN_ABORTED" });
    expect(late.taken).toEqual([]);
    expect(late.processHost.answers.count("spawn")).toBe(0);
  });
});

describe("a stdio server with a command for after its end", () => {
  const lifecycle = { afterClose: { command: "notify", args: ["bye"], env: { SECRET: "x" }, timeoutMs: 500 } };

  test("should have it once there was a tree, in the record without its secrets, and run it where the server ran", async () => {
    const { open, handle, entries, spawning, clock } = createStdio({}, { lifecycle, cwd: "/srv" });
    expect(handle.afterClose).toBeUndefined();
    await open();
    expect(entries).toMatchObject([{ afterClose: { command: "notify", args: ["bye"], cwd: "/srv", env: ["SECRET"] } }]);
    await clock.run(handle.afterClose?.run() ?? Promise.reject(new Error("it has none")));
    expect(spawning.mock.calls.at(-1)?.[0]).toMatchObject({ command: "notify", args: ["bye"], cwd: "/srv" });
  });

  test("should have none where none is configured", async () => {
    const { open, handle, entries } = createStdio();
    await open();
    expect(handle.afterClose).toBeUndefined();
    expect(entries[0]?.afterClose).toBeUndefined();
  });

  test.each(["killSync", "dispose"] as const)("should kill what runs of it in %s", async (how) => {
    const { open, handle, processHost, clock, spawning } = createStdio({}, { lifecycle });
    await open();
    const running = handle.afterClose?.run();
    await until(() => spawning.mock.calls.length === 2, "it was never run");
    await clock.settle();
    handle[how]();
    expect(processHost.log.map(({ command, signal }) => ({ command, signal }))).toContainEqual({
      command: "notify",
      signal: "SIGKILL",
    });
    await clock.run(running ?? Promise.resolve());
  });
});
