import { setup } from "xstate";
import { beforeAll, describe, expect, it } from "vitest";
import { placePicture } from "../../src/diagrams/draw-picture.js";
import type { Layout, PlacedNode } from "../../src/diagrams/layout.js";
import { picturesOf } from "../../src/diagrams/pictures.js";
import { readMachine } from "../../src/diagrams/read-machine.js";
import { layoutFaults } from "./support/layout-faults.js";

const machine = setup({}).createMachine({
  id: "door",
  initial: "shut",
  states: { shut: { on: { OPEN: "open" } }, open: { on: { CLOSE: "shut", BREAK: "broken" } }, broken: {} },
});
let layout: Layout;

beforeAll(async () => {
  const [picture] = picturesOf(readMachine(machine));
  if (picture === undefined) throw new Error("there is no picture");
  layout = await placePicture(picture);
});

/** The layout with one card elsewhere. */
function moved(id: string, change: (placed: PlacedNode) => Partial<PlacedNode>): Layout {
  return { ...layout, nodes: layout.nodes.map((each) => (each.node.id === id ? { ...each, ...change(each) } : each)) };
}

describe("the check of a layout", () => {
  it("should find nothing in a good one", () => {
    expect(layoutFaults(layout)).toEqual([]);
  });

  it("should find a card that is moved onto another, away from its edges", () => {
    const open = layout.nodes.find(({ node }) => node.id === "s:open");
    const faults = layoutFaults(moved("s:shut", () => ({ x: open?.x ?? 0, y: open?.y ?? 0 })));
    expect(faults).toContain("s:shut and s:open overlap");
    expect(faults).toContain("edge s:shut>s:open does not begin at s:shut");
  });

  it("should find a card in the way of an edge, and one outside of its group", () => {
    const label = layout.edges.find(({ edge }) => edge.id === "s:shut>s:open")?.points[0];
    const faults = layoutFaults(
      moved("s:broken", () => ({ x: (label?.x ?? 0) - 20, y: (label?.y ?? 0) + 2, height: 10 })),
    );
    expect(faults).toContain("edge s:shut>s:open crosses s:broken");
    expect(layoutFaults(moved("s:broken", () => ({ x: -100 })))).toContain("s:broken is not within s:");
  });

  it("should find a text that is wider than its card", () => {
    const faults = layoutFaults(moved("s:broken", ({ text }) => ({ text: { ...text, width: 20 } })));
    expect(faults).toContain('"broken" does not fit into s:broken');
  });

  it("should find an edge that is slanted, and one that misses its label", () => {
    const edges = layout.edges.map((each) =>
      each.label === undefined
        ? each
        : {
            ...each,
            points: each.points.map(({ x, y }, index) => ({ x: x + index * 5, y })),
            label: { ...each.label, x: 0, y: 0 },
          },
    );
    const faults = layoutFaults({ ...layout, edges });
    expect(faults).toContain("edge s:shut>s:open is slanted");
    expect(faults).toContain("edge s:shut>s:open misses its label");
  });
});
