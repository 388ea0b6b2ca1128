import { type Block, type IconName, padded, paragraph } from "./block.js";
import { drawBlock } from "./draw-block.js";
import { styleSheet } from "./svg-style.js";
import type { TextStyle } from "./text-style.js";

const signs: readonly (readonly [kind: IconName & TextStyle, meaning: string])[] = [
  ["event", "an event was sent"],
  ["done", "a child succeeded"],
  ["error", "a child failed"],
  ["time", "a delay passed"],
  ["always", "a condition holds"],
];
const gap = 8;

/** What the signs on edges mean. */
export function legendSvg(): string {
  let x = gap;
  const labels = signs.map(([kind, meaning]) => {
    const label = at(
      padded(paragraph([{ text: meaning, style: kind }], { maxWidth: 300, icon: kind }), { x: 8, y: 5 }),
      { kind, x },
    );
    x += label.width + gap;
    return label;
  });
  const height = Math.max(...labels.map((label) => label.height)) + 2 * gap;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="statechart" role="img" width="${x}" height="${height}" viewBox="0 0 ${x} ${height}" aria-labelledby="legend--title">`,
    `<title id="legend--title">${signs.map(([kind, meaning]) => `${kind}: ${meaning}`).join("; ")}</title>`,
    `<style>\n${styleSheet()}\n</style>`,
    `<rect class="page" width="100%" height="100%" rx="10"/>`,
    ...labels.map(({ svg }) => svg),
    `</svg>`,
  ].join("\n")}\n`;
}

function at({ width, height, items }: Block, { kind, x }: { kind: string; x: number }) {
  const rect = `<rect x="${x}" y="${gap}" width="${width}" height="${height}" rx="8"/>`;
  return {
    width,
    height,
    svg: `<g class="label label-${kind}">${rect}${drawBlock(items, { x, y: gap, ruleWidth: 0 })}</g>`,
  };
}
