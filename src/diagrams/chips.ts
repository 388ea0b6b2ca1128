import { type Block, type Item, round } from "./block.js";
import { type MachineModel, type StateModel, stateAt } from "./machine-model.js";
import { looksOf } from "./looks.js";
import { spanWidth, textStyles } from "./text-style.js";

const height = 20;
const gap = 5;
const inset = 7;

/** The inner states of a state that is shown closed, each in a small frame. */
export function chips(state: StateModel, model: MachineModel, maxWidth: number): Block {
  const items: Item[] = [];
  let x = 0;
  let y = 0;
  let widest = 0;
  for (const inner of statesWithin(state, model)) {
    const span = { text: inner.key, style: "small" } as const;
    const text = spanWidth(span);
    const width = text + 2 * inset;
    if (x > 0 && x + width > maxWidth) {
      x = 0;
      y += height + gap;
    }
    items.push({
      type: "chip",
      x: round(x),
      y,
      width: round(width),
      height,
      path: inner.path,
      look: looksOf(inner)[0] ?? "",
    });
    items.push({
      type: "text",
      x: round(x + inset),
      y: y + Math.round((height + textStyles.small.size * 0.7) / 2),
      width: text,
      ...span,
      link: undefined,
    });
    widest = Math.max(widest, x + width);
    x += width + gap;
  }
  return { width: Math.ceil(widest), height: y + height, items };
}

function statesWithin(state: StateModel, model: MachineModel): StateModel[] {
  return state.children
    .map((path) => stateAt(model, path))
    .flatMap((child) => (child.children.length === 0 ? [child] : statesWithin(child, model)));
}
