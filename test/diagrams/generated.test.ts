import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { diagramFiles, type GeneratedFile, ownMachines } from "../../src/diagrams/index.js";

const folder = "docs/diagrams";
let files: readonly GeneratedFile[] = [];

beforeAll(async () => {
  files = await diagramFiles(ownMachines);
});

describe("docs/diagrams", () => {
  it("should be what the machines are; `npm run docs` writes it anew", async () => {
    for (const { name, text } of files) await expect(text, name).toMatchFileSnapshot(`../../${folder}/${name}`);
  });

  it("should hold nothing that is not generated; what is too much is to be removed by hand", () => {
    const names = new Set(files.map(({ name }) => name));
    expect(readdirSync(folder).filter((name) => !names.has(name))).toEqual([]);
  });

  it("should have the same bytes on every run", async () => {
    const again = await diagramFiles(ownMachines.slice(1, 2));
    for (const file of again.filter(({ name }) => name.startsWith("runtime.svg"))) expect(files).toContainEqual(file);
  });

  it("should show each state of the session machine once in its overview, for pages that mark them", () => {
    const overview = files.find(({ name }) => name === "session.svg")?.text ?? "";
    const shown = [...overview.matchAll(/data-state="([^"]*)"/g)].map(([, path = ""]) => path);
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown).toEqual(expect.arrayContaining(["active.live.busy", "ended.disposing", "errored.leaked", "closed"]));
  });
});
