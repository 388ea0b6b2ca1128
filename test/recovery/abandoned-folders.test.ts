import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../src/ports/index.js";
import { platformProcessTable } from "../../src/processes/index.js";
import { reap } from "../../src/recovery/index.js";
import { deadGateway } from "./ledger-files.js";

const opaque = "0123456789abcdef";
const abandoned = `${deadGateway}-${opaque}`;
const longAgo = new Date("2020-01-01");

function directoryWith(folders: Readonly<Record<string, readonly string[]>>, touched = longAgo): string {
  const directory = mkdtempSync(join(tmpdir(), "abandoned-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [name, files] of Object.entries(folders)) {
    const folder = join(directory, name);
    mkdirSync(folder, { mode: 0o700 });
    for (const file of files) writeFileSync(join(folder, file), "cut sho");
    utimesSync(folder, touched, touched);
  }
  return directory;
}

const sweep = async (directory: string, more: { dryRun?: boolean; only?: string[] } = {}) => {
  const kill = (pid: number) => expect.fail(`${pid} was signalled`);
  await reap({ directory, clock: systemClock, table: platformProcessTable(process.platform), kill, ...more });
  return readdirSync(directory);
};

it.each([
  ["nothing", []],
  ["drafts", ["a.json.tmp", "b.json.tmp"]],
])("should remove the folder of a gateway that was killed when it had written %s", async (_what, files) => {
  expect(await sweep(directoryWith({ [abandoned]: files }))).toEqual([]);
});

it.each<[string, string, readonly string[], Date?]>([
  ["of a gateway that may be about to write, by its age", abandoned, ["a.json.tmp"], new Date()],
  ["whose gateway may live, by its pid", `${process.pid}-${opaque}`, ["a.json.tmp"]],
  ["with what was put aside", abandoned, ["a.json.bad"]],
  ["that is none of ours", "pictures", []],
])("should leave a folder %s", async (_what, name, files, touched) => {
  const directory = directoryWith({ [name]: files }, touched);
  expect(await sweep(directory)).toEqual([name]);
  expect(readdirSync(join(directory, name))).toEqual(files);
});

it("should leave all as it is where it only shows, and where it sweeps for one gateway", async () => {
  const directory = directoryWith({ [abandoned]: [] });
  expect(await sweep(directory, { dryRun: true })).toEqual([abandoned]);
  expect(await sweep(directory, { only: ["another"] })).toEqual([abandoned]);
});
