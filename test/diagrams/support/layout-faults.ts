import type { Item } from "../../../src/diagrams/block.js";
import type { Box, Layout, PlacedEdge, PlacedNode } from "../../../src/diagrams/layout.js";
import { around, contains, intersect, onBorder, shrunk, tolerance } from "./geometry.js";

/** One sentence for each place where a reader would stumble: overlaps, edges through cards or texts, texts wider than their box. */
export function layoutFaults(layout: Layout): string[] {
  const cards = layout.nodes.filter(({ node }) => node.kind !== "group");
  const groups = layout.nodes.filter(({ node }) => node.kind === "group");
  const labels = layout.edges.flatMap(({ edge, label }) =>
    label === undefined ? [] : [{ name: `label of ${edge.id}`, box: label, edge: edge.id }],
  );
  const boxes = [...cards.map((placed) => ({ name: placed.node.id, box: placed, edge: "" })), ...labels];
  return [
    ...overlaps(boxes),
    ...overlaps(
      groups.map((placed) => ({ name: `heading of ${placed.node.id}`, box: placed.text, edge: "" })),
      boxes,
    ),
    ...groups.flatMap((group) => strays(group, layout)),
    ...layout.edges.flatMap((edge) => crossings(edge, { cards, groups, labels })),
    ...layout.edges.flatMap((edge) => astray(edge, layout)),
    ...layout.nodes.flatMap(({ node, text }) => wideTexts(node.id, node.block.items, text)),
    ...layout.edges.flatMap(({ edge, label }) =>
      label && edge.label ? wideTexts(edge.id, edge.label.items, label) : [],
    ),
    ...boxes
      .filter(({ box }) => !contains({ x: 0, y: 0, width: layout.width, height: layout.height }, box))
      .map(({ name }) => `${name} is outside of the picture`),
  ];
}

interface Named {
  readonly name: string;
  readonly box: Box;
  readonly edge: string;
}

function overlaps(first: readonly Named[], second: readonly Named[] = first): string[] {
  return first.flatMap((a, index) =>
    (first === second ? second.slice(index + 1) : second)
      .filter((b) => intersect(a.box, b.box))
      .map((b) => `${a.name} and ${b.name} overlap`),
  );
}

function strays({ node, ...box }: PlacedNode, { nodes }: Layout): string[] {
  const inner = node.children.flatMap((child) => nodes.filter((placed) => placed.node.id === child.id));
  return [
    ...inner.filter((placed) => !contains(box, placed)).map((placed) => `${placed.node.id} is not within ${node.id}`),
    ...(contains(box, box.text) ? [] : [`the heading of ${node.id} is wider than it`]),
  ];
}

function crossings(
  { edge, points }: PlacedEdge,
  { cards, groups, labels }: { cards: readonly PlacedNode[]; groups: readonly PlacedNode[]; labels: readonly Named[] },
): string[] {
  const segments = points.slice(1).map((to, index) => ({ from: points[index] ?? to, to }));
  const crosses = (box: Box) => segments.some(({ from, to }) => intersect(shrunk(box), around(from, to)));
  return [
    ...cards
      .filter(({ node }) => node.id !== edge.from && node.id !== edge.to)
      .filter((each) => crosses(each))
      .map(({ node }) => `edge ${edge.id} crosses ${node.id}`),
    ...cards
      .filter(
        ({ node }) =>
          (node.id === edge.from || node.id === edge.to) &&
          crosses(node.kind === "choice" ? shrunk(card(node.id, cards), 8) : card(node.id, cards)),
      )
      .map(({ node }) => `edge ${edge.id} runs through its own ${node.id}`),
    ...groups
      .filter(({ text }) => crosses(text))
      .map(({ node }) => `edge ${edge.id} crosses the heading of ${node.id}`),
    ...labels
      .filter((label) => label.edge !== edge.id && crosses(label.box))
      .map(({ name }) => `edge ${edge.id} crosses the ${name}`),
  ];
}

function card(id: string, cards: readonly PlacedNode[]): Box {
  const found = cards.find(({ node }) => node.id === id);
  if (found === undefined) throw new RangeError(`there is no ${id}`);
  return found;
}

/** An edge begins and ends at the border of what it connects, runs at right angles, and passes through its label. */
function astray({ edge, points, label }: PlacedEdge, { nodes }: Layout): string[] {
  const [start, end] = [points[0], points.at(-1)];
  if (start === undefined || end === undefined) return [`edge ${edge.id} has no place`];
  const boxOf = (id: string) => nodes.find(({ node }) => node.id === id);
  const [source, target] = [boxOf(edge.from), boxOf(edge.to)];
  const isSlanted = points
    .slice(1)
    .some(
      (to, index) =>
        Math.abs(to.x - (points[index]?.x ?? 0)) > tolerance && Math.abs(to.y - (points[index]?.y ?? 0)) > tolerance,
    );
  const segments = points.slice(1).map((to, index) => around(points[index] ?? to, to));
  return [
    ...(source && onBorder(start, source) ? [] : [`edge ${edge.id} does not begin at ${edge.from}`]),
    ...(target && onBorder(end, target) ? [] : [`edge ${edge.id} does not end at ${edge.to}`]),
    ...(isSlanted ? [`edge ${edge.id} is slanted`] : []),
    ...(label === undefined || segments.some((segment) => intersect(segment, label))
      ? []
      : [`edge ${edge.id} misses its label`]),
  ];
}

function wideTexts(name: string, items: readonly Item[], box: Box): string[] {
  return items
    .filter((item) => item.type === "text" || item.type === "chip")
    .filter(({ x, y, width }) => x < -tolerance || x + width > box.width + tolerance || y > box.height + tolerance)
    .map((item) => `"${item.type === "text" ? item.text : item.path}" does not fit into ${name}`);
}
