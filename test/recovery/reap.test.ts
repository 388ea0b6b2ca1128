import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type Clock, systemClock } from "../../src/ports/index.js";
import { noteTry } from "../../src/recovery/end-remotes.js";
import { pidScope } from "../../src/recovery/gateway-identity.js";
import { reap, type ReapFinding } from "../../src/recovery/index.js";
import { ownerState } from "../../src/recovery/owner-state.js";
import { readLedgers, setAside } from "../../src/recovery/read-ledgers.js";
import { sweep } from "../../src/recovery/reap.js";
import type { RemoteEntry } from "../../src/recovery/remote-entry.js";
import { removeEntry } from "../../src/recovery/remove-entry.js";
import { FakeTable } from "../processes/fake-table.js";
import { startLoopback } from "../transports/support/loopback.js";
import { deadGateway, entryOf, type LedgerFiles, ledgerFiles } from "./ledger-files.js";

const entry = entryOf({ leader: { pid: 10, startTime: "200" } });
const leader = { startTime: "200", pgid: 10, sid: 10, marks: [entry.cookie] };

type Signal = readonly [pid: number, signal: string | 0];

/** Its time passes ten times as fast: for what is to be waited for to its end. */
const quickClock: Clock = {
  ...systemClock,
  now: () => systemClock.now() * 10,
  setTimeout: (callback, delayMs) => systemClock.setTimeout(callback, delayMs / 10),
  setUnrefTimeout: (callback, delayMs) => systemClock.setUnrefTimeout(callback, delayMs / 10),
};

/** Reaps on a table where a process ends by the signals that it minds. */
async function reapOn(
  files: LedgerFiles,
  table: FakeTable,
  { minds = ["SIGTERM", "SIGKILL"], clock = systemClock }: { minds?: readonly string[]; clock?: Clock } = {},
) {
  const signals: Signal[] = [];
  const kill = (pid: number, signal: string | 0) => {
    signals.push([pid, signal]);
    if (minds.includes(String(signal))) table.processes.delete(pid);
  };
  const findings = await reap({ directory: files.directory, clock, table, kill });
  return { findings, signals };
}

describe("the reaper", () => {
  it("should look at a tree at least twice before it kills, and remove the record only when nothing is left", async () => {
    using files = ledgerFiles();
    const file = files.file(entry);
    const table = new FakeTable({ 10: leader });
    const { findings, signals } = await reapOn(files, table, { minds: ["SIGKILL"] });
    expect(signals[0]).toEqual([10, "SIGTERM"]);
    expect(signals.at(-1)).toEqual([10, "SIGKILL"]);
    expect(table.listings).toBeGreaterThan(2);
    expect(findings).toMatchObject([{ verdict: "ended" }]);
    expect(existsSync(file)).toBe(false);
  });

  it("should keep the record of what does not end, name it, and not run what was to run after it", async () => {
    using files = ledgerFiles();
    using folder = scratch();
    const afterClose = { command: "touch", args: [join(folder.path, "ran")] };
    const file = files.file({ ...entry, afterClose });
    const { findings } = await reapOn(files, new FakeTable({ 10: leader }), { minds: [], clock: quickClock });
    expect(findings).toMatchObject([{ verdict: "left", processes: [{ pid: 10 }] }]);
    expect([existsSync(file), readdirSync(folder.path)]).toEqual([true, []]);
  }, 20_000);

  it("should leave what a gateway has that lives, and take it when that pid is another's", async () => {
    using files = ledgerFiles();
    files.file(entry);
    const gateway = (startTime: string) => ({ [deadGateway]: { startTime } });
    const alive = await reapOn(files, new FakeTable({ 10: leader, ...gateway(entry.owner.startTime) }));
    expect([alive.signals, alive.findings[0]?.verdict]).toEqual([[], "left-alone"]);
    const dead = await reapOn(files, new FakeTable({ 10: leader, ...gateway("later") }));
    expect([dead.signals, dead.findings[0]?.verdict]).toEqual([[[10, "SIGTERM"]], "ended"]);
  });

  it("should take a gateway for dead that is a zombie, and not one that it cannot see", () => {
    const owner = { pid: 5, startTime: "100" };
    expect(ownerState(owner, new FakeTable({ 5: { state: "zombie" } }))).toBe("dead");
    expect(ownerState(owner, new FakeTable({ 5: { state: "exiting" } }))).toBe("alive");
    expect(ownerState(owner, new FakeTable({ 5: { startTime: "101" } }))).toBe("dead");
    expect(ownerState(owner, Object.assign(new FakeTable(), { read: () => "unreadable" as const }))).toBe("unknown");
  });

  it("should read the folders only that it is told of", async () => {
    using files = ledgerFiles();
    files.file(entry);
    const options = { directory: files.directory, clock: systemClock, table: new FakeTable(), kill: () => undefined };
    expect(await reap({ ...options, only: ["2-0"] })).toEqual([]);
    expect(await reap({ ...options, only: ["1-0"] })).toMatchObject([{ verdict: "gone" }]);
  });
});

describe.runIf(process.platform !== "win32")("the command after the close, run by the reaper", () => {
  const finding = async (afterClose: NonNullable<typeof entry.afterClose>): Promise<ReapFinding | undefined> => {
    using files = ledgerFiles();
    files.file({ ...entry, session: "chat", afterClose });
    return (await reapOn(files, new FakeTable({ 10: leader }))).findings[0];
  };

  it("should be told what ended, in the working directory of its server", async () => {
    using folder = scratch();
    const afterClose = { command: "sh", args: ["-c", 'echo "$MCP_LIFECYCLE_ENDED" > told'], cwd: folder.path };
    const found = await finding(afterClose);
    expect(found?.afterClose).toMatchObject({ exit: { code: 0, signal: null } });
    expect(found?.afterClose).not.toHaveProperty("problem", expect.anything());
    expect(JSON.parse(readFileSync(join(folder.path, "told"), "utf8"))).toEqual({
      connection: "c1",
      server: "files",
      session: "chat",
    });
  });

  it.each([
    ["fails", { command: "sh", args: ["-c", "exit 3"] }, /exited with code 3/],
    ["does not exist", { command: "no-such-command", args: [] }, /does not exist/],
    ["hangs", { command: "sh", args: ["-c", 'trap "" TERM; sleep 60; true'], timeoutMs: 500 }, /its time was over/],
    ["leaves a daemon", { command: "sh", args: ["-c", "setsid sleep 60 & exit 0"] }, /left processes behind/],
    ["needs an environment", { command: "true", args: [], env: ["DOCKER_HOST"] }, /not run: it needs DOCKER_HOST/],
  ])("should be in the finding when it %s", async (_how, afterClose, problem) => {
    expect(await finding(afterClose)).toMatchObject({
      verdict: "ended",
      afterClose: { problem: expect.stringMatching(problem) },
    });
  });

  it("should be run once where two sweep at the same time", async () => {
    using files = ledgerFiles();
    using folder = scratch();
    files.file({ ...entry, afterClose: { command: "sh", args: ["-c", "echo ran >> ran"], cwd: folder.path } });
    // Both have read the record before either removes it.
    const contents = await readLedgers(files.directory);
    const records = { read: () => Promise.resolve(contents), setAside, noteTry, remove: removeEntry };
    const outside = { clock: systemClock, table: new FakeTable(), kill: () => undefined };
    const sweepOnce = () => sweep({ records, self: 900, scope: pidScope(), ...outside });
    await Promise.all([sweepOnce(), sweepOnce()]);
    expect(readFileSync(join(folder.path, "ran"), "utf8")).toBe("ran\n");
  });
});

describe("the HTTP session of a dead gateway", () => {
  const remoteOf = (url: string, fields: Partial<RemoteEntry["remote"]> = {}): RemoteEntry => {
    const { cookie: _, ...common } = entryOf();
    const remote = { url, sessionId: "s1", hadQuery: false, ...fields };
    return { ...common, record: "0".repeat(32), remote, tries: 0 };
  };
  const write = (files: LedgerFiles, remote: RemoteEntry) =>
    files.write(`${remote.record}.json`, JSON.stringify(remote));

  it.each([200, 204, 404, 405])("should be deleted, and its record go, when the server answers %d", async (status) => {
    using files = ledgerFiles();
    const server = await startLoopback(({ response }) => void response.writeHead(status).end());
    const file = write(files, remoteOf(server.url));
    const { findings } = await reapOn(files, new FakeTable());
    expect(findings).toMatchObject([{ verdict: "ended", url: server.url }]);
    expect(server.seen.map(({ method, headers }) => [method, headers["mcp-session-id"]])).toEqual([["DELETE", "s1"]]);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    [401, {}, /wants credentials.*Send it DELETE/],
    [403, {}, /wants credentials/],
    [404, { hadQuery: true }, /had a query/],
    [500, {}, /HTTP 500/],
  ])(
    "should be left, with what to do, when the server answers %d (%j), and given up after five tries",
    async (status, fields, because) => {
      using files = ledgerFiles();
      const server = await startLoopback(({ response }) => void response.writeHead(status).end());
      const file = write(files, remoteOf(server.url, fields));
      for (let tries = 1; tries <= 4; tries += 1) {
        const { findings } = await reapOn(files, new FakeTable());
        expect(findings).toMatchObject([{ verdict: "left", because: expect.stringMatching(because) }]);
        expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ tries });
      }
      expect((await reapOn(files, new FakeTable())).findings[0]?.because).toMatch(/given up/);
      expect(existsSync(file)).toBe(false);
    },
  );

  it("should not be waited for for ever", async () => {
    using files = ledgerFiles();
    const server = await startLoopback(() => undefined);
    write(files, remoteOf(server.url));
    expect((await reapOn(files, new FakeTable(), { clock: quickClock })).findings).toMatchObject([
      { verdict: "left", because: expect.stringMatching(/no answer within/) },
    ]);
  }, 20_000);

  it("should be left alone while its gateway lives, and shown only by a dry run", async () => {
    using files = ledgerFiles();
    const server = await startLoopback(({ response }) => void response.writeHead(200).end());
    const remote = remoteOf(server.url);
    write(files, remote);
    const alive = new FakeTable({ [deadGateway]: { startTime: remote.owner.startTime } });
    expect((await reapOn(files, alive)).findings).toMatchObject([{ verdict: "left-alone" }]);
    const dry = { directory: files.directory, clock: systemClock, table: new FakeTable(), kill: () => undefined };
    expect(await reap({ ...dry, dryRun: true })).toMatchObject([{ verdict: "to-end" }]);
    expect(server.seen).toEqual([]);
  });

  it.each(["file:///etc/passwd", "http://user:secret@127.0.0.1/mcp", "http://127.0.0.1/mcp?token=1", "not a url"])(
    "should not be believed with the URL %s",
    async (url) => {
      using files = ledgerFiles();
      write(files, remoteOf(url));
      expect((await reapOn(files, new FakeTable())).findings).toMatchObject([{ verdict: "bad" }]);
    },
  );
});

function scratch(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "reap-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
