import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/ports/index.js";
import { createCookie } from "../../src/processes/index.js";
import { reap } from "../../src/recovery/index.js";
import { entryFileName } from "../../src/recovery/tree-entry.js";
import { FakeTable } from "../processes/fake-table.js";
import { deadGateway, entryOf, type LedgerFiles, ledgerFiles } from "./ledger-files.js";

const decoy = 20;

/** Reaps where one good record of a dead gateway stands beside what `makeBad` writes, and a decoy runs that bad ones name. */
async function reapBeside(makeBad: (files: LedgerFiles) => readonly string[]) {
  using files = ledgerFiles();
  const good = entryOf({ leader: { pid: 10, startTime: "200" } });
  const goodFile = files.file(good);
  const table = new FakeTable({
    10: { startTime: "200", pgid: 10, sid: 10, marks: [good.cookie] },
    [decoy]: { startTime: "300", pgid: decoy, sid: decoy, marks: ["MCP_LIFECYCLE_", ""] },
  });
  const bad = makeBad(files);
  const signals: number[] = [];
  const kill = (pid: number) => {
    signals.push(pid);
    table.processes.delete(pid);
  };
  const findings = await reap({ directory: files.directory, clock: systemClock, table, kill });
  const verdictOf = (path: string) => findings.find(({ file }) => file === path)?.verdict;
  expect(signals).toEqual([10]);
  expect(verdictOf(goodFile)).toBe("ended");
  expect(existsSync(goodFile)).toBe(false);
  expect(bad.filter((path) => verdictOf(path) !== "bad")).toEqual([]);
  expect(findings).toHaveLength(bad.length + 1);
  return { left: existsSync(files.folder) ? readdirSync(files.folder) : [] };
}

const bait = () => ({ ...entryOf(), leader: { pid: decoy, startTime: "300" } });

describe("a bad record beside a good one", () => {
  it("should be set aside, not acted on, and not keep the good one from its end, wherever it was cut short", async () => {
    const length = JSON.stringify(bait()).length;
    const { left } = await reapBeside((files) =>
      Array.from({ length }, (_, end) => {
        const entry = bait();
        return files.write(entryFileName(entry), JSON.stringify(entry).slice(0, end));
      }),
    );
    expect(left.filter((name) => !name.endsWith(".bad"))).toEqual([]);
  });

  it("should be set aside when it holds any bytes or any JSON", async () => {
    const contents = fc.array(fc.oneof(fc.uint8Array({ maxLength: 500 }), fc.json()), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(contents, async (each) => {
        await reapBeside((files) => each.map((content) => files.write(entryFileName(bait()), content)));
      }),
      { numRuns: 40 },
    );
  });

  const fields = {
    version: [undefined, 0, "1", null],
    owner: [undefined, null, {}, { ...entryOf().owner, pid: 0 }, { ...entryOf().owner, pid: `${deadGateway}` }],
    cookie: ["", "PATH", "MCP_LIFECYCLE_", "MCP_LIFECYCLE_ENDED", `MCP_LIFECYCLE_${"0".repeat(31)}`, null, ["a"]],
    leader: [
      null,
      { pid: 1, startTime: "1" },
      { pid: -1, startTime: "1" },
      { pid: decoy },
      { pid: 20.5, startTime: "" },
      [],
    ],
    connectionId: [undefined, 7, "x".repeat(5_000)],
    server: [undefined, {}, true],
    unknown: ["anything"],
  };
  const wrong = Object.entries(fields).flatMap(([field, values]) => values.map((value) => ({ field, value })));

  it.each(wrong)("should be set aside when its $field is $value", async ({ field, value }) => {
    const entry: Record<string, unknown> = { ...bait(), [field]: value };
    const { cookie } = entry;
    const name = entryFileName({ cookie: typeof cookie === "string" ? cookie : createCookie() });
    await reapBeside((files) => [files.write(name, JSON.stringify(entry))]);
  });

  it("should be set aside when its name is another's, or holds anything at all", async () => {
    const names = [`${"0".repeat(32)}.json`, "\n.json", "..json", "%2e%2e%2f.json", `${"é".repeat(100)}.json`, ".json"];
    await reapBeside((files) => names.map((name) => files.write(name, JSON.stringify(bait()))));
  });

  it("should be set aside when it is a link, a folder, a pipe, huge, or others can write it", async () => {
    using elsewhere = ledgerFiles();
    const target = bait();
    const outside = elsewhere.file(target);
    await reapBeside((files) => {
      const path = (name = entryName()) => join(files.folder, name);
      const [link, loop, folder, pipe] = [path(entryFileName(target)), path(), path(), path()];
      symlinkSync(outside, link);
      symlinkSync(loop, loop);
      mkdirSync(folder);
      execFileSync("mkfifo", [pipe]);
      const open = files.file(bait());
      chmodSync(open, 0o666);
      const huge = files.write(entryName(), " ".repeat(20 * 1024 * 1024));
      return [link, loop, folder, pipe, open, huge];
    });
    expect(existsSync(outside)).toBe(true);
  });

  it("should stay where it is when it is a later version's", async () => {
    const name = entryName();
    const { left } = await reapBeside((files) => [files.write(name, JSON.stringify({ version: 2, what: "ever" }))]);
    expect(left).toEqual([name]);
  });
});

describe("the folder of a gateway", () => {
  it("should not be believed when it is a link, or others can write to it", async () => {
    using elsewhere = ledgerFiles();
    elsewhere.file(bait());
    await reapBeside((files) => {
      const link = join(files.directory, "2-0");
      symlinkSync(elsewhere.folder, link);
      const open = join(files.directory, "3-0");
      mkdirSync(open);
      chmodSync(open, 0o777);
      const stray = files.write("../stray", "");
      return [link, open, stray];
    });
  });
});

function entryName(): string {
  return entryFileName({ cookie: createCookie() });
}
