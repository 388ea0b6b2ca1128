import { describe, expect, it } from "vitest";
import { endTree, startTree, type StartTreeOptions, type TreeGraces } from "../../src/processes/index.js";
import { createWorld, type ProcessShape, type WorldOptions } from "../../src/testing/simulation/index.js";

/** Ends a virtual tree in virtual time, and says what was sent when. */
async function endVirtual(shape: ProcessShape, graces: TreeGraces = {}, options: WorldOptions = {}) {
  const world = createWorld({ ...options, programs: { server: shape } });
  const { clock, processHost: host } = world;
  const tree = await clock.run(startTree({ command: "server", env: {}, host }));
  const end = await clock.run(endTree(tree, { clock, ...graces }));
  return { world, tree, end, atMs: clock.now(), sent: host.log.map(({ signal, atMs }) => ({ signal, atMs })) };
}

const deaf: ProcessShape = { onEof: "ignored", onSigterm: "ignored" };

describe("endTree, with the clock in hand", () => {
  it("should give the end of input 2 s, SIGTERM 2 s, and be over as soon as nobody is left", async () => {
    const { end, atMs, sent } = await endVirtual(deaf);
    expect(sent).toEqual([
      { signal: "SIGTERM", atMs: 2_000 },
      { signal: "SIGKILL", atMs: 4_000 },
    ]);
    expect(end).toMatchObject({ outcome: "closed", means: "SIGKILL", exit: { code: null, signal: "SIGKILL" } });
    expect(atMs).toBe(4_000);
  });

  it("should give up 5 s after the first SIGKILL, and leave what it knows with the host", async () => {
    const { end, atMs, world, tree } = await endVirtual({ ...deaf, onSigkill: "uninterruptible" });
    expect(end).toMatchObject({ outcome: "leaked", means: "SIGKILL", exit: undefined });
    expect(end.survivors.map(({ pid }) => pid)).toEqual([tree.ref.leader.pid]);
    expect(atMs).toBe(9_000);
    expect(world.processHost.rememberedTrees).toBe(1);
  });

  it("should give each means the time that it is told", async () => {
    const graces = { inputEndedMs: 10, terminatingMs: 20, verifyMs: 40 };
    const { sent, atMs } = await endVirtual({ ...deaf, onSigkill: "uninterruptible" }, graces);
    expect(sent.slice(0, 2)).toEqual([
      { signal: "SIGTERM", atMs: 10 },
      { signal: "SIGKILL", atMs: 30 },
    ]);
    expect(atMs).toBe(70);
  });

  it.each<[string, ProcessShape, WorldOptions, object]>([
    ["the end of input", {}, {}, { means: "input-ended", exit: { code: 0, signal: null } }],
    ["SIGTERM", { onEof: "ignored", onSigterm: 50 }, {}, { means: "SIGTERM", exit: { code: 0, signal: null } }],
    ["its cgroup", deaf, { containment: "cgroup" }, { means: "cgroup.kill" }],
  ])("should say that %s was enough, keep nothing of the tree, and let go of its pipes", async (_what, ...life) => {
    const [shape, options, said] = life;
    const { end, world, tree } = await endVirtual(shape, {}, options);
    expect(end).toMatchObject({ outcome: "closed", survivors: [], doubtful: [], ...said });
    expect(world.processHost.rememberedTrees).toBe(0);
    expect([tree.stdin, tree.stdout, tree.stderr].map(({ destroyed }) => destroyed)).toEqual([true, true, true]);
  });

  it("should call a tree leaked of which somebody may be left, though nobody is proved to be", async () => {
    const stranger = { pid: 60, startTime: "1", ppid: 1, pgid: 50, command: "whose?" };
    const world = createWorld({ programs: { server: {} } });
    const { clock, processHost } = world;
    const tree = await clock.run(startTree({ command: "server", host: processHost }));
    const look = () => Promise.resolve({ survivors: [], unreaped: [], doubtful: [stranger] });
    const host = { ...tree.host, look, signal: processHost.signal.bind(processHost) };
    const end = await clock.run(endTree({ ...tree, host }, { clock }));
    expect(end).toMatchObject({ outcome: "leaked", survivors: [], doubtful: [stranger] });
  });

  it("should go on killing who is born while it kills (LP-35)", async () => {
    const { end, sent } = await endVirtual({ ...deaf, bornWhileKilled: 3 });
    expect(end).toMatchObject({ outcome: "closed", means: "SIGKILL" });
    expect(sent.filter(({ signal }) => signal === "SIGKILL")).toHaveLength(4);
  });

  it("should read on both outputs, for that nobody is blocked by what he writes", async () => {
    const { clock, processHost: host } = createWorld({ programs: { server: deaf } });
    const tree = await clock.run(startTree({ command: "server", host }));
    const ending = endTree(tree, { clock });
    await clock.advanceBy(100);
    expect([tree.stdout.readableFlowing, tree.stderr.readableFlowing]).toEqual([true, true]);
    await clock.run(ending);
  });
});

describe("startTree", () => {
  it("should start with the whole environment, no arguments and a cookie of its own, where nothing else is said", async () => {
    const spec = await specOf({ command: "server" });
    expect(spec).toMatchObject({ command: "server", args: [], env: process.env });
    expect(spec.cookie).toMatch(/^MCP_LIFECYCLE_[0-9a-f]{32}$/);
    expect((await specOf({ command: "server" })).cookie).not.toBe(spec.cookie);
  });

  it("should start with what it is told", async () => {
    const told = { command: "server", args: ["-v"], env: { A: "b" }, cwd: "/", cookie: "MCP_LIFECYCLE_told" };
    expect(await specOf(told)).toEqual(told);
  });
});

/** What the host was asked to start. */
async function specOf(options: StartTreeOptions) {
  const { clock, processHost } = createWorld({ programs: { server: {} } });
  const specs: Parameters<typeof processHost.spawn>[0][] = [];
  const spawn: typeof processHost.spawn = (spec) => (specs.push(spec), processHost.spawn(spec));
  await clock.run(
    startTree({ ...options, host: Object.assign(Object.create(processHost) as typeof processHost, { spawn }) }),
  );
  const [spec] = specs;
  if (spec === undefined) throw new Error("nothing was started");
  return spec;
}
