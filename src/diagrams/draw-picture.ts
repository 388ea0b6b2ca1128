import { pictureGraph } from "./build-graph.js";
import { headerWidths } from "./card.js";
import { clearedHeadings } from "./headings.js";
import { type Layout, layOut } from "./layout.js";
import type { Picture } from "./pictures.js";

/** A picture with a place for everything in it. Headings that edges would cross are made narrower, and it is laid out again. */
export async function placePicture(picture: Picture): Promise<Layout> {
  const tries = new Map<string, number>();
  for (;;) {
    const widthOf = (id: string) => headerWidths[tries.get(id) ?? 0] ?? headerWidths[0];
    const { layout, crossed } = clearedHeadings(await layOut(pictureGraph(picture, widthOf)));
    const again = crossed.filter((id) => (tries.get(id) ?? 0) < headerWidths.length - 1);
    if (again.length === 0) return layout;
    for (const id of again) tries.set(id, (tries.get(id) ?? 0) + 1);
  }
}
