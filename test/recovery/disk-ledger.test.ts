import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Ledger, type LedgerEntry, type LedgerStatus, noLogger } from "../../src/ports/index.js";
import { createCookie, platformProcessTable } from "../../src/processes/index.js";
import { createDiskLedger } from "../../src/recovery/disk-ledger.js";
import { gatewayIdentity } from "../../src/recovery/gateway-identity.js";
import { defaultLedgerDirectory } from "../../src/recovery/index.js";
import { LedgerHealth } from "../../src/recovery/ledger-health.js";
import { entryFileName } from "../../src/recovery/tree-entry.js";
import { readLedgers } from "../../src/recovery/read-ledgers.js";
import { rejection } from "../real/support/until.js";

const identity = gatewayIdentity(platformProcessTable(process.platform));
const leader = { pid: 4_321, startTime: "100" };
let scratch: string;
let directory: string;
let warnings: string[];
let health: LedgerHealth;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "ledger-"));
  directory = join(scratch, "state", "mcp-lifecycle");
  warnings = [];
});
afterEach(() => rmSync(scratch, { recursive: true }));

function ledger(onFailure: "refuse" | "continue" = "refuse"): Ledger {
  const logger = { ...noLogger, warn: (_fields: object, message: string) => void warnings.push(message) };
  const folder = join(directory, "1-0");
  health = new LedgerHealth(folder, logger);
  return createDiskLedger({ folder, directory, onFailure, health, owner: () => identity });
}

const entry = (connectionId: string): LedgerEntry => ({ connectionId, server: "files", cookie: createCookie() });
const onDisk = async () => (await readLedgers(directory)).entries.map((each) => each.entry);

describe("the ledger on disk", () => {
  it("should say of a tree that it leaked, and still say so should its leader become known later", async () => {
    const disk = ledger();
    const first = entry("c1");
    await disk.intend(first);
    await disk.leaked("c1");
    expect(await onDisk()).toMatchObject([{ ...first, isLeaked: true }]);
    await disk.started("c1", { containment: "group", leader, cookie: first.cookie });
    expect(await onDisk()).toMatchObject([{ ...first, leader, isLeaked: true }]);
    await disk.remove("c1");
    await disk.leaked("c1");
    expect(readdirSync(directory)).toEqual([]);
  });

  it("should have the intent when it resolves, the leader after it, and nothing once it is removed", async () => {
    const disk = ledger();
    const first = entry("c1");
    await disk.intend(first);
    expect(await onDisk()).toEqual([{ version: 1, owner: identity, ...first }]);
    await disk.started("c1", { containment: "group", leader, cookie: first.cookie });
    expect(await onDisk()).toEqual([{ version: 1, owner: identity, ...first, leader, containment: "group" }]);
    await disk.remove("c1");
    expect(readdirSync(directory)).toEqual([]);
  });

  it("should have where a tree was to be held, and then where it is", async () => {
    const disk = ledger();
    const meant = { containment: "cgroup", cgroup: "/sys/fs/cgroup/a" } as const;
    await disk.intend({ ...entry("c1"), place: meant });
    expect(await onDisk()).toMatchObject([meant]);
    await disk.started("c1", { containment: "group", leader });
    const [record] = await onDisk();
    expect(record).toMatchObject({ containment: "group", leader });
    expect(record).not.toHaveProperty("cgroup");
  });

  it("should be readable and writable by its owner only", async () => {
    await ledger().intend(entry("c1"));
    const [folder = ""] = readdirSync(directory);
    const [file = ""] = readdirSync(join(directory, folder));
    const modes = [directory, join(directory, folder), join(directory, folder, file)].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });

  it("should keep one record a tree while many come and go at once", async () => {
    const disk = ledger();
    const ids = Array.from({ length: 50 }, (_, index) => `c${index}`);
    await Promise.all(
      ids.map(async (id, index) => {
        await disk.intend(entry(id));
        if (index % 2 === 0) await disk.remove(id);
      }),
    );
    expect((await onDisk()).map(({ connectionId }) => connectionId).toSorted()).toEqual(
      ids.filter((_, index) => index % 2 === 1).toSorted(),
    );
    await Promise.all(ids.filter((_, index) => index % 2 === 1).map((id) => disk.remove(id)));
    expect(readdirSync(directory)).toEqual([]);
  });

  it("should not follow a link that stands in the place of its draft", async () => {
    const disk = ledger();
    await disk.intend(entry("c1"));
    const [folder = ""] = readdirSync(directory);
    const [file = ""] = readdirSync(join(directory, folder));
    const victim = join(scratch, "victim");
    writeFileSync(victim, "untouched");
    symlinkSync(victim, join(directory, folder, `${file}.tmp`));
    await disk.started("c1", { containment: "group", leader });
    expect(readFileSync(victim, "utf8")).toBe("untouched");
    expect((await onDisk())[0]?.leader).toEqual(leader);
  });

  it("should refuse a server whose record cannot be written, or start it with a warning, as it was told", async () => {
    writeFileSync(join(scratch, "state"), "a file where the folder should be");
    expect(await rejection(ledger("refuse").intend(entry("c1")))).toMatchObject({ code: "LEDGER", server: "files" });
    const lenient = ledger("continue");
    await lenient.intend(entry("c1"));
    await lenient.started("c1", { containment: "group", leader });
    await lenient.remove("c1");
    expect(warnings).toEqual([
      expect.stringMatching(/cannot be written: .*; the server is not started/),
      expect.stringMatching(/cannot be written: .*; the server is started all the same/),
    ]);
  });

  it("should say once that it is degraded, count each record that is not written, and say when it is over", async () => {
    const blocker = join(scratch, "state");
    writeFileSync(blocker, "a file where the folder should be");
    const disk = ledger("continue");
    const told: LedgerStatus[] = [];
    health.onChange = (status) => void told.push(status);
    await disk.intend(entry("c1"));
    await disk.intend(entry("c2"));
    expect(health.status).toMatchObject({ state: "degraded", failures: 2, problem: expect.stringMatching(/ENOTDIR/) });
    rmSync(blocker);
    await disk.intend(entry("c3"));
    expect(told.map(({ state, failures }) => [state, failures])).toEqual([
      ["degraded", 1],
      ["kept", 2],
    ]);
    expect(warnings).toHaveLength(1);
    expect((await onDisk()).map(({ connectionId }) => connectionId).toSorted()).toEqual(["c1", "c2", "c3"]);
  });

  it("should write again what it can, and stay degraded for the sake of one that it cannot", async () => {
    const disk = ledger("continue");
    const [first, second] = [entry("c1"), entry("c2")];
    writeFileSync(join(scratch, "state"), "a file where the folder should be");
    for (const each of [first, second]) await disk.intend(each);
    rmSync(join(scratch, "state"));
    mkdirSync(join(directory, "1-0", entryFileName(first), "in the way"), { recursive: true, mode: 0o700 });
    await disk.intend(entry("c3"));
    expect((await onDisk()).map(({ connectionId }) => connectionId).toSorted()).toEqual(["c2", "c3"]);
    expect(health.status).toMatchObject({ state: "degraded", failures: 3 });
  });

  it("should write again what was lost when somebody removed its folder, but nothing that is gone meanwhile", async () => {
    const disk = ledger();
    await Promise.all(["c1", "c2"].map((id) => disk.intend(entry(id))));
    rmSync(directory, { recursive: true });
    await Promise.all([disk.intend(entry("c3")), disk.remove("c1")]);
    expect((await onDisk()).map(({ connectionId }) => connectionId).toSorted()).toEqual(["c2", "c3"]);
    rmSync(directory, { recursive: true });
    await disk.started("c2", { containment: "group", leader });
    expect((await onDisk()).map(({ connectionId }) => connectionId).toSorted()).toEqual(["c2", "c3"]);
    await Promise.all(["c2", "c3"].map((id) => disk.remove(id)));
    expect(readdirSync(directory)).toEqual([]);
  });

  it.runIf(process.getuid?.() === 0)(
    "should degrade on a full disk, and leave nothing half-written there",
    async () => {
      mkdirSync(join(scratch, "state"));
      const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=8k,mode=700", "none", join(scratch, "state")]);
      if (mounted.status !== 0) return;
      try {
        const disk = ledger("continue");
        for (let index = 0; index < 20; index += 1) await disk.intend(entry(`c${index}`));
        expect(health.status).toMatchObject({ state: "degraded", problem: expect.stringMatching(/ENOSPC/) });
        const names = readdirSync(directory, { recursive: true, encoding: "utf8" });
        expect(names.filter((name) => name.endsWith(".tmp"))).toEqual([]);
      } finally {
        execFileSync("umount", [join(scratch, "state")]);
      }
    },
  );

  it("should have an HTTP session without credentials and query, and nothing once it is removed", async () => {
    const disk = ledger();
    const url = new URL("https://user:secret@example.com/mcp?token=secret");
    await disk.kept({ connectionId: "c1", server: "web", session: "chat", url, sessionId: "s1" });
    await disk.kept({ connectionId: "c1", server: "web", session: "chat", url, sessionId: "s2" });
    const { remotes = [] } = await readLedgers(directory);
    expect(remotes.map((filed) => filed.entry.remote)).toEqual([
      { url: "https://example.com/mcp", sessionId: "s2", hadQuery: true },
    ]);
    await disk.remove("c1");
    expect(readdirSync(directory)).toEqual([]);
  });

  it("should be believed when it is read, whatever names are in it and however long the command is", async () => {
    const disk = ledger();
    const name = "é".repeat(5_000);
    const afterClose = { command: "x", args: ["y".repeat(20_000)], env: ["SECRET"] };
    await disk.intend({ ...entry(name), server: name, session: name, afterClose });
    await disk.intend({ ...entry("c2"), afterClose: { ...afterClose, args: ["y"], timeoutMs: 5, cwd: "/" } });
    const { entries, bad } = await readLedgers(directory);
    expect(bad).toEqual([]);
    const byLength = entries.map((filed) => filed.entry).toSorted((a, b) => b.server.length - a.server.length);
    expect(byLength.map((each) => [each.server.length, each.afterClose])).toEqual([
      [1_024, undefined],
      [5, { command: "x", args: ["y"], timeoutMs: 5, cwd: "/", env: ["SECRET"] }],
    ]);
  });

  it("should not write where others can", async () => {
    await ledger().intend(entry("c1"));
    chmodSync(directory, 0o777);
    expect(await rejection(ledger("refuse").intend(entry("c2")))).toMatchObject({ code: "LEDGER" });
  });
});

describe("the directory of ledgers", () => {
  it("should be the user's for state, and a relative one is ignored", () => {
    expect(defaultLedgerDirectory({ XDG_STATE_HOME: "/state" })).toBe("/state/mcp-lifecycle");
    expect(defaultLedgerDirectory({ XDG_STATE_HOME: "state" })).toMatch(/\/\.local\/state\/mcp-lifecycle$/);
  });
});
