import { type IconName, iconSize, type Item, round } from "./block.js";
import { escapeXml } from "./xml.js";

/** What stands in a card or label, at its place. `ruleWidth` is how far its lines reach. */
export function drawBlock(
  items: readonly Item[],
  { x, y, ruleWidth }: { x: number; y: number; ruleWidth: number },
): string {
  return items.map((item) => drawItem(item, { x, y, ruleWidth })).join("");
}

function drawItem(item: Item, { x, y, ruleWidth }: { x: number; y: number; ruleWidth: number }): string {
  const top = round(y + item.y);
  if (item.type === "rule") return `<path class="rule" d="M${round(x)} ${top}h${round(ruleWidth)}"/>`;
  const left = round(x + item.x);
  if (item.type === "icon")
    return `<path class="icon-${item.icon}" transform="translate(${left} ${top})" d="${icons[item.icon]}"/>`;
  if (item.type === "chip")
    return `<rect class="${item.look === "" ? "chip" : `chip chip-${item.look}`}" data-state="${escapeXml(item.path)}" x="${left}" y="${top}" width="${item.width}" height="${item.height}" rx="10"/>`;
  return linked(
    `<text class="${item.style}" x="${left}" y="${top}" textLength="${item.width}" lengthAdjust="spacingAndGlyphs">${escapeXml(item.text)}</text>`,
    item.link,
  );
}

/** What leads to the picture of that name, if there is one. */
export function linked(content: string, picture: string | undefined): string {
  return picture === undefined ? content : `<a href="${escapeXml(picture)}.svg">${content}</a>`;
}

const middle = iconSize / 2;

/** Drawn in a square of eleven pixels, with lines only: a shape each, so that colour is not all that tells them. */
const icons: Readonly<Record<IconName, string>> = {
  event: `M1 ${middle}h8M6 2.5l3 3l-3 3`,
  done: "M1.5 6l3 3l5-7",
  error: "M2 2l7 7M9 2l-7 7",
  time: "M5.5 1a4.5 4.5 0 1 0 .01 0M5.5 3v2.8l2 1.2",
  always: "M5.5 1v8M2.5 6l3 3l3-3",
  invoke: "M2 1.5l7 4l-7 4z",
  spawn: "M1.5 3.5h6v6h-6zM4 3.5v-2h5.5v5.500h-2",
};
