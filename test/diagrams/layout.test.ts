import { describe, expect, it } from "vitest";
import { placePicture } from "../../src/diagrams/draw-picture.js";
import { modelOf } from "../../src/diagrams/machine-page.js";
import { ownMachines } from "../../src/diagrams/own-machines.js";
import { picturesOf } from "../../src/diagrams/pictures.js";
import { layoutFaults } from "./support/layout-faults.js";

describe.each(ownMachines.map((documented) => modelOf(documented)))("the pictures of the $id machine", (model) => {
  it.each(picturesOf(model))(
    "$name should have no overlap, no edge through a card, and no text wider than its box",
    async (picture) => {
      expect(layoutFaults(await placePicture(picture))).toEqual([]);
    },
  );
});
