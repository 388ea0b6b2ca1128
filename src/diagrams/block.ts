import { linesOf } from "./lines.js";
import { type Span, spanWidth, textStyles, type TextStyle } from "./text-style.js";

/** Something drawn at a place within its block. */
export type Item =
  | {
      readonly type: "text";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly text: string;
      readonly style: TextStyle;
      readonly link: string | undefined;
    }
  | { readonly type: "icon"; readonly x: number; readonly y: number; readonly icon: IconName }
  | { readonly type: "rule"; readonly y: number }
  | {
      readonly type: "chip";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly path: string;
      readonly look: string;
    };

export type IconName = "event" | "done" | "error" | "time" | "always" | "invoke" | "spawn";

/** What stands in a card or on an edge: items, and the room they take. */
export interface Block {
  readonly width: number;
  readonly height: number;
  readonly items: readonly Item[];
}

export const iconSize = 11;
const iconGap = 5;
const lineFactor = 1.38;

/** A paragraph: spans flow over lines no wider than `maxWidth`, behind an icon where there is one. */
export function paragraph(
  spans: readonly Span[],
  { maxWidth, icon, indent = 0 }: { maxWidth: number; icon?: IconName | undefined; indent?: number },
): Block {
  const left = icon === undefined ? indent : indent + iconSize + iconGap;
  const items: Item[] = [];
  let y = 0;
  let width = 0;
  for (const line of linesOf(spans, maxWidth - left)) {
    const size = Math.max(...line.map(({ style }) => textStyles[style].size));
    const height = Math.round(size * lineFactor);
    const baseline = y + Math.round((height + size * 0.7) / 2);
    if (icon !== undefined && y === 0)
      items.push({ type: "icon", icon, x: indent, y: Math.round((height - iconSize) / 2) });
    let x = left;
    for (const { text, style, link } of line) {
      const trimmed = text.trimEnd();
      const full = spanWidth({ text, style });
      if (trimmed !== "")
        items.push({
          type: "text",
          x: round(x),
          y: baseline,
          width: spanWidth({ text: trimmed, style }),
          text: trimmed,
          style,
          link,
        });
      width = Math.max(width, x + spanWidth({ text: trimmed, style }));
      x += full;
    }
    y += height;
  }
  return { width: Math.ceil(width), height: y, items };
}

/** Blocks one below the other, with a gap between them. */
export function stack(blocks: readonly Block[], gap = 0): Block {
  const items: Item[] = [];
  let y = 0;
  for (const [index, block] of blocks.entries()) {
    if (index > 0) y += gap;
    items.push(...moved(block.items, { x: 0, y }));
    y += block.height;
  }
  return { width: Math.max(0, ...blocks.map(({ width }) => width)), height: y, items };
}

/** A block with room around it. */
export function padded(block: Block, { x, y }: { x: number; y: number }): Block {
  return { width: block.width + 2 * x, height: block.height + 2 * y, items: moved(block.items, { x, y }) };
}

/** A line over the whole width. */
export function rule(): Block {
  return { width: 0, height: 1, items: [{ type: "rule", y: 0.5 }] };
}

export function moved(items: readonly Item[], by: { x: number; y: number }): Item[] {
  return items.map((item) =>
    item.type === "rule"
      ? { ...item, y: item.y + by.y }
      : { ...item, x: round(item.x + by.x), y: round(item.y + by.y) },
  );
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
