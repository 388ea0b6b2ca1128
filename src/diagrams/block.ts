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
    for (const { text, style } of line) {
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

/** Breaks at spaces; a word wider than a line is broken where it must be. */
function linesOf(spans: readonly Span[], maxWidth: number): Span[][] {
  const words = spans.flatMap(({ text, style }) =>
    (text.match(/\S+\s*|\s+/g) ?? []).flatMap((word) => broken({ text: word, style }, maxWidth)),
  );
  const lines: Span[][] = [];
  let line: Span[] = [];
  let used = 0;
  for (const word of words) {
    const bare = spanWidth({ ...word, text: word.text.trimEnd() });
    if (line.length > 0 && used + bare > maxWidth) {
      lines.push(joined(line));
      line = [];
      used = 0;
    }
    line.push(word);
    used += spanWidth(word);
  }
  if (line.length > 0) lines.push(joined(line));
  return lines;
}

function broken(word: Span, maxWidth: number): Span[] {
  if (spanWidth({ ...word, text: word.text.trimEnd() }) <= maxWidth) return [word];
  let fits = word.text.length - 1;
  while (fits > 1 && spanWidth({ ...word, text: word.text.slice(0, fits) }) > maxWidth) fits -= 1;
  return [{ ...word, text: word.text.slice(0, fits) }, ...broken({ ...word, text: word.text.slice(fits) }, maxWidth)];
}

/** Neighbours of one style are one text. */
function joined(words: readonly Span[]): Span[] {
  const spans: Span[] = [];
  for (const word of words) {
    const last = spans.at(-1);
    if (last?.style === word.style) spans[spans.length - 1] = { ...last, text: last.text + word.text };
    else spans.push(word);
  }
  return spans;
}
