import { round } from "./block.js";
import { type PlacedSequence, type PlacedStep, placeSequence, type Sequence } from "./sequence.js";
import { styleSheet } from "./svg-style.js";
import { textWidth } from "./text-width.js";
import { escapeXml } from "./xml.js";

const baseline = 4;

/** A recorded run as SVG: who said what to whom, and what state they were in. */
export function sequenceSvg(sequence: Sequence): string {
  const placed = placeSequence(sequence);
  const { width, height, columns, steps } = placed;
  const id = (part: string) => `${sequence.name}--${part}`;
  const title = { face: "bold", size: 15 } as const;
  const wide = Math.max(width, Math.ceil(textWidth(sequence.title, title)) + 32);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" class="statechart" role="img" width="${wide}" height="${height}" viewBox="0 0 ${wide} ${height}" aria-labelledby="${id("title")}" aria-describedby="${id("desc")}">`,
    `<title id="${id("title")}">${escapeXml(sequence.title)}</title>`,
    `<desc id="${id("desc")}">${escapeXml(inWords(sequence))}</desc>`,
    `<style>\n${styleSheet()}\n</style>`,
    `<rect class="page" width="100%" height="100%" rx="10"/>`,
    `<text class="heading" x="16" y="26" textLength="${textWidth(sequence.title, title)}" lengthAdjust="spacingAndGlyphs">${escapeXml(sequence.title)}</text>`,
    ...columns.map((column) => drawColumn(column, placed)),
    ...steps.map(drawStep),
    `</svg>`,
  ].join("\n")}\n`;
}

function drawColumn({ actor, x }: PlacedSequence["columns"][number], { height }: PlacedSequence): string {
  const width = textWidth(actor, { face: "monoBold", size: 13 });
  const frame = `<rect class="box" x="${x - width / 2 - 9}" y="42" width="${width + 18}" height="26" rx="8"/>`;
  const name = `<text class="actor" x="${x - width / 2}" y="59.5" textLength="${width}" lengthAdjust="spacingAndGlyphs">${escapeXml(actor)}</text>`;
  return `<path class="lifeline" d="M${x} 68V${height - 12}"/><g class="card">${frame}${name}</g>`;
}

function drawStep(placed: PlacedStep): string {
  const { step, text, y, time } = placed;
  const moment = time === undefined ? "" : `<text class="word" x="14" y="${y + baseline}">${time}</text>`;
  const said = (x: number, at: number, width: number) =>
    `<text class="said" x="${round(x)}" y="${at}" textLength="${round(width)}" lengthAdjust="spacingAndGlyphs">${escapeXml(step.text)}</text>`;
  if (step.kind === "state") {
    const frame = `<rect x="${text.x}" y="${text.y}" width="${round(text.width)}" height="${text.height}" rx="12"/>`;
    return `${moment}<g class="label label-${step.look}">${frame}${said(text.x + 9, y + baseline, text.width - 18)}</g>`;
  }
  return `${moment}<g class="edge edge-${step.look}">${arrow(placed)}</g>${said(text.x, y - 1, text.width)}`;
}

function arrow({ line, y }: PlacedStep): string {
  if (line === undefined) return "";
  const at = y + 5;
  const back = line.to > line.from ? -8 : 8;
  return `<path class="line" d="M${line.from} ${at}H${line.to + back}"/><path class="head" d="M${line.to} ${at}l${back} -4v8z"/>`;
}

function inWords({ steps }: Sequence): string {
  return steps
    .map((step) => {
      const what = step.kind === "state" ? `${step.of} is ${step.text}` : `${step.from} to ${step.to}: ${step.text}`;
      return `${step.atMs} ms: ${what}`;
    })
    .join("; ");
}
