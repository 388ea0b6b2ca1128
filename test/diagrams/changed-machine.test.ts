import { setup } from "xstate";
import { expect, it } from "vitest";
import { diagramFiles, type GeneratedFile } from "../../src/diagrams/index.js";

const idle = { description: "Nobody asks.", on: { OPEN: { target: "open", actions: "count" } } };
const open = { description: "Somebody is here.", on: { CLOSE: "idle" }, after: { limit: "idle" } };
const other = setup({}).createMachine({
  id: "other",
  initial: "only",
  states: { only: { description: "All there is." } },
});

/** The files of a machine like any other, and of one beside it that nobody touches. */
async function filesOf(states: Readonly<Record<string, object>>): Promise<ReadonlyMap<string, string>> {
  const machine = setup({ delays: { limit: 50 }, actions: { count: () => undefined } }).createMachine({
    id: "door",
    initial: "idle",
    states,
  });
  const files: GeneratedFile[] = await diagramFiles([{ machine }, { machine: other }]);
  return new Map(files.map(({ name, text }) => [name, text]));
}

function changed(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((name) => before.get(name) !== after.get(name))
    .toSorted();
}

const itsFiles = ["door.md", "door.mmd", "door.svg"];

it("an event with another name should change the pictures and tables of its machine, in that name and in nothing else", async () => {
  const before = await filesOf({ idle, open });
  const after = await filesOf({ idle, open: { ...open, on: { LEAVE: "idle" } } });

  expect(changed(before, after)).toEqual(itsFiles);
  for (const name of itsFiles) expect(after.get(name)?.replaceAll("LEAVE", "CLOSE")).toBe(before.get(name));
});

it("a new state should change the pictures and tables of its machine and nothing else", async () => {
  const before = await filesOf({ idle, open });
  const after = await filesOf({
    idle,
    open: { ...open, on: { CLOSE: "idle", LOCK: "locked" } },
    locked: { description: "For good." },
  });

  expect(changed(before, after)).toEqual(itsFiles);
  const added = (name: string) =>
    after
      .get(name)
      ?.split("\n")
      .filter((line) => !before.get(name)?.includes(line));
  expect(added("door.md")).toEqual([
    "| `open` | `LOCK` |  |  | `locked` |",
    "| `OPEN` | `open`, `locked` | not handled |",
    "| `CLOSE` | `idle`, `locked` | not handled |",
    "| `LOCK` | `idle`, `locked` | not handled |",
    "| `LOCK` | `open` | to `locked` |",
    "| `locked` | For good. |  |  |  |  |",
  ]);
});
