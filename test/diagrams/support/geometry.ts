import type { Box, Point } from "../../../src/diagrams/layout.js";

/** Rounding of places to tenths. */
export const tolerance = 0.3;

export function onBorder({ x, y }: Point, box: Box): boolean {
  const inX = x > box.x - tolerance && x < box.x + box.width + tolerance;
  const inY = y > box.y - tolerance && y < box.y + box.height + tolerance;
  const nearX = Math.min(Math.abs(x - box.x), Math.abs(x - box.x - box.width)) < tolerance;
  const nearY = Math.min(Math.abs(y - box.y), Math.abs(y - box.y - box.height)) < tolerance;
  return inX && inY && (nearX || nearY);
}

export function around(a: Point, b: Point): Box {
  return { x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
}

export function shrunk({ x, y, width, height }: Box, by = 1): Box {
  return { x: x + by, y: y + by, width: width - 2 * by, height: height - 2 * by };
}

export function intersect(a: Box, b: Box): boolean {
  return (
    (a.x < b.x + b.width - tolerance &&
      b.x < a.x + a.width - tolerance &&
      a.y < b.y + b.height - tolerance &&
      b.y < a.y + a.height - tolerance) ||
    crossesLine(a, b)
  );
}

/** A line has no area: it crosses what it enters. */
function crossesLine(a: Box, b: Box): boolean {
  const lines = [a, b].filter(({ width, height }) => width === 0 || height === 0);
  if (lines.length !== 1) return false;
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

export function contains(outer: Box, inner: Box): boolean {
  return (
    inner.x >= outer.x - tolerance &&
    inner.y >= outer.y - tolerance &&
    inner.x + inner.width <= outer.x + outer.width + tolerance &&
    inner.y + inner.height <= outer.y + outer.height + tolerance
  );
}
