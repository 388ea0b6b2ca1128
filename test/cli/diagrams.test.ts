import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeDiagrams } from "../../src/cli/diagrams/write-diagrams.js";
import { runCli, startCli } from "./cli.js";

const xstate = import.meta.resolve("xstate");
const ours = new URL("../../dist/machines/index.js", import.meta.url).href;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mcp-lifecycle-diagrams-"));
  const source = `import { createMachine } from ${JSON.stringify(xstate)};
export const door = createMachine({ id: "door", initial: "shut", states: { shut: { on: { OPEN: "open" } }, open: {} } });
export const twin = createMachine({ id: "door" });
export const notOne = 7;
import { sessionMachine } from ${JSON.stringify(ours)};
const { config, implementations } = sessionMachine;
const { closed, ...states } = config.states;
export const extended = createMachine(
  { ...config, states: { ...states, closed, paused: { description: "Nobody may acquire.", on: { RESUME: "active" } } } },
  implementations,
);
export const outside = createMachine({ id: "../outside/<m>" });
export const readme = createMachine({ id: "ReadMe" });
export const half = createMachine({ id: "a b" });
export const otherHalf = createMachine({ id: "a_b" });`;
  await writeFile(join(folder, "machines.js"), source);
  await writeFile(join(folder, "busy.js"), `${source}\nsetInterval(() => {}, 1_000);`);
  await writeFile(join(folder, "waiting.js"), "await new Promise(() => {});");
  await writeFile(join(folder, "broken.js"), "throw new Error('no such module');");
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("mcp-lifecycle diagrams", () => {
  it("should draw a machine of somebody else, with its tables and as Mermaid", async () => {
    const { code, stdout, stderr } = await runCli(["diagrams", "--out", "out", "--machine", "machines.js#door"], {
      cwd: folder,
    });

    expect(code).toBe(0);
    const names = ["README.md", "door.md", "door.mmd", "door.svg", "legend.svg"];
    expect((await readdir(join(folder, "out"))).toSorted()).toEqual(names);
    expect(stdout.split("\n").toSorted()).toEqual(names.map((name) => join("out", name)));
    expect(stderr.split("\n").slice(0, 3)).toEqual([
      "note: door: the machine has no description",
      "note: door: shut has no description",
      "note: door: open has no description",
    ]);
    expect(await readFile(join(folder, "out/door.svg"), "utf8")).toContain('data-state="shut"');
  });

  it("should keep what is known of a machine of ours in one that extends it", async () => {
    await runCli(["diagrams", "--out", "extended", "--machine", "machines.js#extended"], { cwd: folder });

    const page = await readFile(join(folder, "extended/session.md"), "utf8");
    expect(page).toContain("| `RESUME` | `paused` | to `active` |");
    expect(page).toContain("ignored: refused: acquire() sends it, finds no lease in the snapshot");
    expect(page).toContain("| `drainLimit` | 5 000 ms |");
    expect(page).toContain("**27 000 ms**");
  });

  it("should write into its folder whatever the id of the machine is", async () => {
    await writeDiagrams({ out: join(folder, "in/it"), machine: [join(folder, "machines.js#outside")] });

    const file = ".._outside__m_";
    const names = [`${file}.md`, `${file}.mmd`, `${file}.svg`, "README.md", "legend.svg"];
    expect((await readdir(join(folder, "in"), { recursive: true })).toSorted()).toEqual(
      ["it", ...names.map((name) => `it/${name}`)].toSorted(),
    );
    expect(await readFile(join(folder, "in/it/README.md"), "utf8")).toContain(`](${file}.md)`);
  });

  it("should end when it has drawn, though the file of the machine keeps a timer", async () => {
    const { ended, nothingLeft } = startCli(["diagrams", "--out", "busy", "--machine", "busy.js#door"], {
      cwd: folder,
    });

    expect((await ended).code).toBe(0);
    await nothingLeft();
  });

  it("should say which file never comes to its end", async () => {
    const { code, stderr } = await runCli(["diagrams", "--machine", "waiting.js"], { cwd: folder });
    expect([code, stderr]).toEqual([2, expect.stringContaining("waiting.js cannot be imported: it waits")]);
  });

  it.each([
    ["a file that is not there", ["none.js#door"], "there is no file"],
    [
      "an export that is not there",
      ["machines.js#window"],
      'exports no "window"; its machines are door, extended, half, otherHalf, outside, readme, twin',
    ],
    ["a default export that is not there", ["machines.js"], 'exports no "default"'],
    ["what is no machine", ["machines.js#notOne"], "is no XState machine"],
    ["a file that throws", ["broken.js#door"], "cannot be imported: no such module"],
    ["no export's name", ["machines.js#"], "must be file.js#export"],
    ["a machine whose page would be the list of machines", ["machines.js#readme"], 'two files would be "README.md"'],
    [
      "machines whose files would be the same",
      ["machines.js#half", "machines.js#otherHalf"],
      'two files would be "a_b.md"',
    ],
    ["two machines of one id", ["machines.js#door", "machines.js#twin"], 'two machines have the id "door"'],
  ])("should refuse %s and write nothing", async (_what, machines, problem) => {
    const options = { out: join(folder, "refused"), machine: machines.map((machine) => join(folder, machine)) };

    await expect(writeDiagrams(options)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      field: "--machine",
      message: expect.stringContaining(problem),
    });
    expect(await readdir(folder)).not.toContain("refused");
  });

  it("should end with code 2 where it refuses", async () => {
    const { code, stderr } = await runCli(["diagrams", "--machine", "none.js#door"], { cwd: folder });
    expect([code, stderr]).toEqual([2, expect.stringContaining("--machine: there is no file")]);
  });

  it("should name a folder that cannot be written to", async () => {
    const options = { out: join(folder, "machines.js/x"), machine: [join(folder, "machines.js#door")] };
    await expect(writeDiagrams(options)).rejects.toMatchObject({
      field: "--out",
      message: expect.stringContaining("cannot write to"),
    });
  });
});
