import type { Layout, PlacedEdge, PlacedNode } from "./layout.js";

/** Between a heading and an edge. */
const clearance = 8;

/**
 * Edges lead into a group from above, through its heading, which layouts know nothing of. It is moved to where there is room between
 * them; `crossed` are the groups that have none.
 */
export function clearedHeadings(layout: Layout): { layout: Layout; crossed: readonly string[] } {
  const crossed: string[] = [];
  const nodes = layout.nodes.map((placed) => {
    if (placed.node.kind !== "group") return placed;
    const x = freePlace(placed, crossingsOf(placed, layout.edges));
    if (x === undefined) crossed.push(placed.node.id);
    return x === undefined ? placed : { ...placed, text: { ...placed.text, x } };
  });
  return { layout: { ...layout, nodes }, crossed };
}

/** Where vertical lines run through the heading's height, from left to right. */
function crossingsOf({ x, y, width, text }: PlacedNode, edges: readonly PlacedEdge[]): number[] {
  const bottom = y + text.height;
  return edges
    .flatMap(({ points }) => points.slice(1).map((to, index) => ({ from: points[index] ?? to, to })))
    .filter(({ from, to }) => from.x === to.x && from.x > x && from.x < x + width)
    .filter(({ from, to }) => Math.min(from.y, to.y) < bottom && Math.max(from.y, to.y) > y)
    .map(({ from }) => from.x)
    .sort((a, b) => a - b);
}

function freePlace({ x, width, text }: PlacedNode, crossings: readonly number[]): number | undefined {
  if (crossings.length === 0) return text.width <= width ? x : undefined;
  const gaps = [x - clearance, ...crossings].map((from, index) => ({
    from,
    to: crossings[index] ?? x + width + clearance,
  }));
  const gap = gaps.find(({ from, to }) => to - from >= text.width + 2 * clearance);
  return gap && gap.from + clearance;
}
