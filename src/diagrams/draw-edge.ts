import { round } from "./block.js";
import { drawBlock } from "./draw-block.js";
import type { PlacedEdge, Point } from "./layout.js";

const radius = 7;
const arrow = { length: 8, half: 4 };

/** The line of an edge with its arrow. */
export function drawEdge({ edge, points }: PlacedEdge): string {
  const end = points.at(-1);
  const before = points.at(-2);
  if (end === undefined || before === undefined) return "";
  const hasArrow = !edge.to.startsWith("j:");
  const line = hasArrow ? [...points.slice(0, -1), towards(end, before, arrow.length - 1)] : points;
  const head = hasArrow ? `<path class="head" d="${arrowHead(before, end)}"/>` : "";
  return `<g class="edge edge-${edge.kind}"><path class="line" d="${roundedPath(line)}"/>${head}</g>`;
}

/** What stands on an edge. */
export function drawEdgeLabel({ edge, label }: PlacedEdge): string {
  if (edge.label === undefined || label === undefined) return "";
  const { x, y, width, height } = label;
  const items = drawBlock(edge.label.items, { x, y, ruleWidth: width });
  return `<g class="label label-${edge.kind}"><rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8"/>${items}</g>`;
}

function roundedPath(points: readonly Point[]): string {
  return points
    .map((point, index) => {
      const previous = points[index - 1];
      const next = points[index + 1];
      if (previous === undefined) return `M${point.x} ${point.y}`;
      if (next === undefined) return `L${point.x} ${point.y}`;
      const bend = Math.min(radius, distance(previous, point) / 2, distance(point, next) / 2);
      const from = towards(point, previous, bend);
      const to = towards(point, next, bend);
      return `L${from.x} ${from.y}Q${point.x} ${point.y} ${to.x} ${to.y}`;
    })
    .join("");
}

function arrowHead(before: Point, end: Point): string {
  const base = towards(end, before, arrow.length);
  const across = before.x === end.x ? { x: arrow.half, y: 0 } : { x: 0, y: arrow.half };
  return `M${end.x} ${end.y}L${round(base.x + across.x)} ${round(base.y + across.y)}L${round(base.x - across.x)} ${round(base.y - across.y)}z`;
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1;
  return { x: round(from.x + ((to.x - from.x) * by) / length), y: round(from.y + ((to.y - from.y) * by) / length) };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
