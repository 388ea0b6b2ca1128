import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { svgFile, textFiles } from "../../src/diagrams/diagram-files.js";
import { placePicture } from "../../src/diagrams/draw-picture.js";
import { ownMachines, sessionPicture } from "../../src/diagrams/index.js";
import { modelsOf } from "../../src/diagrams/machine-page.js";
import { picturesOf } from "../../src/diagrams/pictures.js";
import { layoutFaults } from "./support/layout-faults.js";

const folder = "docs/diagrams";
const pictures = modelsOf(ownMachines).flatMap(picturesOf);

describe.each(pictures)("the picture $name", (picture) => {
  it("should have no overlap, no edge through a card, no text wider than its box, and be the one that is committed", async () => {
    const layout = await placePicture(picture);

    expect(layoutFaults(layout)).toEqual([]);
    expect(layout.width, "wider than the screen of a laptop").toBeLessThan(1_260);
    // `npm run docs` writes it anew.
    await expect(svgFile(layout).text).toMatchFileSnapshot(`../../${folder}/${picture.name}.svg`);
  });
});

describe("docs/diagrams", () => {
  const texts = textFiles(ownMachines);

  it.each(texts)("should have $name as the machines are; `npm run docs` writes it anew", async ({ name, text }) => {
    await expect(text).toMatchFileSnapshot(`../../${folder}/${name}`);
  });

  it("should hold nothing that is not generated; what is too much is to be removed by hand", () => {
    const names = new Set([...texts.map(({ name }) => name), ...pictures.map(({ name }) => `${name}.svg`), "ends"]);
    expect(readdirSync(folder).filter((name) => !names.has(name))).toEqual([]);
  });

  it("should show each state of the session machine once in its overview, for pages that mark them", () => {
    const shown = [...sessionPicture().matchAll(/data-state="([^"]*)"/g)].map(([, path = ""]) => path);
    const [model] = modelsOf(ownMachines);
    const leaves = model?.states.filter(({ children }) => children.length === 0).map(({ path }) => path);
    expect(new Set(shown).size).toBe(shown.length);
    expect(shown).toEqual(expect.arrayContaining(leaves ?? []));
  });
});
