import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ServersWatch, watchServersFile } from "../../src/config/watch-servers-file.js";
import { VirtualClock } from "../../src/testing/simulation/index.js";
import { until } from "../real/support/until.js";
import { configErrorOf } from "./problem-of.js";

const withCommand = (command: string) => JSON.stringify({ mcpServers: { a: { command } } });

let folder: string;
let file: string;
let clock: VirtualClock;
let told: string[];
let watch: ServersWatch;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcp-lifecycle-watch-"));
  file = join(folder, "mcp.json");
  clock = new VirtualClock();
  told = [];
});
afterEach(async () => {
  watch.dispose();
  await rm(folder, { recursive: true });
});

describe("watchServersFile", () => {
  it("should tell what the file says after it was written in place", async () => {
    await begin(withCommand("first"));
    await writeFile(file, withCommand("second"));
    await untilTold(["second"]);
  });

  it("should tell what a file says that was put in its place, each time", async () => {
    await begin(withCommand("first"));
    for (const [times, command] of ["second", "third"].entries()) {
      await writeFile(join(folder, "mcp.json.new"), withCommand(command));
      await rename(join(folder, "mcp.json.new"), file);
      await untilTold(["second", "third"].slice(0, times + 1));
    }
  });

  it("should say nothing of a file that is emptied first and written a moment later", async () => {
    await begin(withCommand("first"));
    await writeFile(file, "");
    await look();
    // The empty file was seen, and is looked at again before anybody hears of it.
    await until(() => clock.pending.length === 1, "it was not looked at again");
    await writeFile(file, withCommand("second"));
    await untilTold(["second"]);
  });

  it("should say once why a file is broken, go on with what it said before, and tell when it is mended", async () => {
    await begin(withCommand("first"));
    await writeFile(file, '{ "mcpServers": { "a": { "comand": "x" } } }');
    await untilTold([
      expect.stringMatching(/problem: mcpServers\.a: has neither a command nor a url; .*mcp\.json:1:19/),
    ]);
    expect(watch.reading.servers).toEqual({ a: { command: "first" } });

    await writeFile(file, withCommand("first"));
    await look();
    await writeFile(file, withCommand("second"));
    await untilTold([expect.stringContaining("problem"), "second"]);
  });

  it("should say that the file is gone, and tell when it is back", async () => {
    await begin(withCommand("first"));
    await unlink(file);
    await untilTold([expect.stringContaining("no such file")]);
    await writeFile(file, withCommand("second"));
    await untilTold([expect.stringContaining("no such file"), "second"]);
  });

  it("should follow a link whose folder is replaced, as that of a ConfigMap is", async () => {
    await Promise.all(["1", "2"].map((name) => mkdir(join(folder, name))));
    await writeFile(join(folder, "1", "mcp.json"), withCommand("first"));
    await writeFile(join(folder, "2", "mcp.json"), withCommand("second"));
    await symlink("1", join(folder, "data"));
    await symlink(join("data", "mcp.json"), file);
    await begin();

    await symlink("2", join(folder, "data.new"));
    await rename(join(folder, "data.new"), join(folder, "data"));
    await untilTold(["second"]);

    await writeFile(join(folder, "2", "mcp.json"), withCommand("third"));
    await untilTold(["second", "third"]);
  });

  it("should not read the file anew for what happens beside it, nor tell what did not change", async () => {
    await begin(withCommand("first"));
    await writeFile(join(folder, "other.json"), "");
    await writeFile(file, withCommand("first"));
    await look();
    await writeFile(file, withCommand("second"));
    await untilTold(["second"]);
  });

  it("should read the file when it is asked to, and tell the outcome at once", async () => {
    await begin(withCommand("first"));
    await watch.reload();
    expect(told).toEqual(["first"]);
    await writeFile(file, "{");
    await watch.reload();
    expect(told).toEqual(["first", expect.stringContaining("problem")]);
  });

  it("should report what its listener throws", async () => {
    await writeFile(file, withCommand("first"));
    const onChange = () => {
      throw new Error("not today");
    };
    watch = await watchServersFile(file, { clock, onChange, onProblem: (error) => told.push(String(error)) });
    await watch.reload();
    expect(told).toEqual(["Error: not today"]);
  });

  it("should refuse a file that is broken to begin with", async () => {
    await begin(withCommand("first"));
    await writeFile(file, "{");
    const options = { clock, onChange: () => undefined, onProblem: () => undefined };
    expect((await configErrorOf(() => watchServersFile(file, options))).field).toBe(file);
  });
});

async function begin(text?: string): Promise<void> {
  if (text !== undefined) await writeFile(file, text);
  watch = await watchServersFile(file, {
    clock,
    environment: {},
    onChange: ({ servers }) => told.push((servers["a"] as { command: string }).command),
    onProblem: (error) => told.push(`problem: ${(error as Error).message}`),
  });
}

/** Waits until a change was noticed, and lets the time pass after which it is looked at. */
async function look(): Promise<void> {
  await until(() => clock.pending.length > 0, "the change was not noticed");
  await clock.advanceBy(200);
}

async function untilTold(expected: readonly unknown[]): Promise<void> {
  await until(
    () => {
      if (clock.pending.length > 0) void clock.advanceBy(200);
      return told.length >= expected.length;
    },
    () => `told was ${JSON.stringify(told)}`,
  );
  expect(told).toEqual(expected);
}
