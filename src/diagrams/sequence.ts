import { msText } from "./tables/markdown.js";
import { textWidth } from "./text-width.js";

/** How a step looks: plain, a success, a failure, or something forced by time. */
export type StepLook = "event" | "done" | "error" | "time";

/** Something said by one to another, or a state that one entered; `atMs` is when. */
export type SequenceStep =
  | {
      readonly kind: "message";
      readonly atMs: number;
      readonly from: string;
      readonly to: string;
      readonly text: string;
      readonly look: StepLook;
    }
  | {
      readonly kind: "state";
      readonly atMs: number;
      readonly of: string;
      readonly text: string;
      readonly look: StepLook;
    };

/** What was said in a recorded run, in order. */
export interface Sequence {
  readonly name: string;
  readonly title: string;
  readonly actors: readonly string[];
  readonly steps: readonly SequenceStep[];
}

/** A text or line of a sequence at its place. */
export interface PlacedStep {
  readonly step: SequenceStep;
  /** Middle of the row. */
  readonly y: number;
  /** Where the text stands, with its frame if it has one. */
  readonly text: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** From and to, for a message. */
  readonly line: { readonly from: number; readonly to: number } | undefined;
  /** The moment, where it is another than before. */
  readonly time: string | undefined;
}

export interface PlacedSequence {
  readonly sequence: Sequence;
  readonly width: number;
  readonly height: number;
  /** The middle of each actor's line. */
  readonly columns: readonly { readonly actor: string; readonly x: number; readonly width: number }[];
  readonly steps: readonly PlacedStep[];
}

const rowHeight = 34;
const headHeight = 78;
const timeWidth = 76;
const textHeight = 18;
const pad = 9;
const gap = 18;

/** Places a sequence: a line for each actor, a row for each step, columns as wide as what stands between or on them. */
export function placeSequence(sequence: Sequence): PlacedSequence {
  const { actors, steps } = sequence;
  const heads = actors.map((actor) => textWidth(actor, { face: "monoBold", size: 13 }) + 2 * pad);
  const pills = actors.map((actor, index) =>
    Math.max(
      heads[index] ?? 0,
      ...steps.map((step) => (step.kind === "state" && step.of === actor ? widthOf(step) + 2 * pad : 0)),
    ),
  );
  const columns: { actor: string; x: number; width: number }[] = [];
  for (const [index, actor] of actors.entries()) {
    const before = columns[index - 1];
    const between = Math.max(
      0,
      ...steps.map((step) => (isBetween(step, actors[index - 1], actor) ? widthOf(step) + 2 * gap : 0)),
    );
    const half = (pills[index] ?? 0) / 2;
    const x = before === undefined ? timeWidth + half : before.x + Math.max(before.width / 2 + gap + half, between);
    columns.push({ actor, x: Math.round(x), width: pills[index] ?? 0 });
  }
  const xOf = (actor: string) => columns.find((column) => column.actor === actor)?.x ?? 0;
  const placed = steps.map((step, index) => place(step, { index, xOf, before: steps[index - 1] }));
  const last = columns.at(-1);
  return {
    sequence,
    columns,
    steps: placed,
    width: Math.ceil((last?.x ?? 0) + (last?.width ?? 0) / 2 + 16),
    height: headHeight + steps.length * rowHeight + 16,
  };
}

function place(
  step: SequenceStep,
  { index, xOf, before }: { index: number; xOf: (actor: string) => number; before: SequenceStep | undefined },
): PlacedStep {
  const y = headHeight + index * rowHeight + rowHeight / 2;
  const width = widthOf(step);
  const time = before?.atMs === step.atMs ? undefined : msText(step.atMs);
  if (step.kind === "state") {
    const framed = width + 2 * pad;
    return {
      step,
      y,
      time,
      line: undefined,
      text: { x: Math.round(xOf(step.of) - framed / 2), y: y - 12, width: framed, height: 24 },
    };
  }
  const [from, to] = [xOf(step.from), xOf(step.to)];
  const x = Math.round((from + to) / 2 - width / 2);
  return { step, y, time, line: { from, to }, text: { x, y: y - 14, width, height: textHeight } };
}

function isBetween(step: SequenceStep, a: string | undefined, b: string): boolean {
  return step.kind === "message" && ((step.from === a && step.to === b) || (step.from === b && step.to === a));
}

function widthOf({ text }: SequenceStep): number {
  return textWidth(text, { face: "mono", size: 12 });
}
