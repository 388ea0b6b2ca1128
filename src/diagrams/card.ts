import { type Block, type IconName, moved, padded, paragraph, rule, stack } from "./block.js";
import { chips } from "./chips.js";
import type { ActorModel, MachineModel, StateModel, TransitionModel } from "./machine-model.js";
import { guardText } from "./names.js";
import { fileNameOf } from "./pictures.js";
import type { Span } from "./text-style.js";

/** Room for text in a card, in pixels. */
const textWidth = 226;
/** Closed states stand beside each other in an overview. */
const closedTextWidth = 172;
/** In a group, whose rows may stand beside each other; narrower where edges leave less room. */
export const headerWidths = [300, 230, 180, 140] as const;
const columnGap = 24;
/** More rows than these stand in two columns. */
const oneColumn = 5;
const margin = { x: 12, y: 9 };
const sectionGap = 6;

export interface CardOptions {
  /** Transitions that stay in the state: they are listed, not drawn. */
  readonly stays: readonly TransitionModel[];
  /** It has inner states that another picture shows. */
  readonly isCollapsed: boolean;
  /** Of a group: the width of its text. */
  readonly headerWidth: number;
}

/** What the card of a state says: what it is, what it invokes, what it does on the way in and out, and what it does without being left. */
export function cardOf(
  state: StateModel,
  model: MachineModel,
  { stays, isCollapsed, headerWidth }: CardOptions,
): Block {
  const isGroup = state.children.length > 0 && !isCollapsed;
  const maxWidth = isGroup ? headerWidth : isCollapsed ? closedTextWidth : textWidth;
  const head = [paragraph([{ text: state.key, style: state.path === "" ? "machine" : "title" }], { maxWidth })];
  if (state.description !== undefined) head.push(paragraph([{ text: state.description, style: "note" }], { maxWidth }));
  const rows = [
    ...actorRows(state, model, { maxWidth, isCollapsed }),
    ...actionRows(state, maxWidth),
    ...stays.map((each) => stayRow(each, maxWidth)),
  ];
  const sections = [stack(head, 2)];
  if (rows.length > 0)
    sections.push(
      rule(),
      isGroup && rows.length > oneColumn && headerWidth === headerWidths[0] ? twoColumns(rows) : stack(rows, 2),
    );
  if (isCollapsed) sections.push(rule(), chips(state, model, maxWidth));
  return padded(stack(sections, sectionGap), margin);
}

/** What a card says of a state that another picture shows. */
export function outsideCardOf(name: string, note: string | undefined): Block {
  const lines = [paragraph([{ text: name, style: "title" }], { maxWidth: textWidth })];
  if (note !== undefined) lines.push(paragraph([{ text: note, style: "note" }], { maxWidth: 150 }));
  return padded(stack(lines, 1), { x: 12, y: 7 });
}

function twoColumns(rows: readonly Block[]): Block {
  const half = Math.ceil(rows.length / 2);
  const [left, right] = [stack(rows.slice(0, half), 2), stack(rows.slice(half), 2)];
  const x = left.width + columnGap;
  return {
    width: x + right.width,
    height: Math.max(left.height, right.height),
    items: [...left.items, ...moved(right.items, { x, y: 0 })],
  };
}

function actorRows(
  state: StateModel,
  model: MachineModel,
  { maxWidth, isCollapsed }: { maxWidth: number; isCollapsed: boolean },
): Block[] {
  const row = (icon: IconName, word: string, { src, machine }: ActorModel) => {
    // A closed card is a link as a whole.
    const isLink = !isCollapsed && machine !== undefined && model.drawn.includes(machine);
    const link = isLink ? fileNameOf(machine) : undefined;
    return paragraph(
      [
        { text: `${word} `, style: "word" },
        { text: src, style: "name", link },
      ],
      { maxWidth, icon },
    );
  };
  const spawns = state.path === "" ? model.spawns : [];
  return [
    ...state.invokes.map((actor) => row("invoke", "invokes", actor)),
    ...spawns.map((actor) => row("spawn", actor.machine === undefined ? "spawns" : "spawns machine", actor)),
  ];
}

function actionRows({ entry, exit, hasOutput }: StateModel, maxWidth: number): Block[] {
  const row = (word: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [
          paragraph(
            [
              { text: `${word} `, style: "word" },
              { text: names.join(", "), style: "small" },
            ],
            { maxWidth },
          ),
        ];
  return [...row("entry", entry), ...row("exit", exit), ...(hasOutput ? row("gives", ["output"]) : [])];
}

function stayRow({ kind, label, guard, actions, targets, source }: TransitionModel, maxWidth: number): Block {
  const spans: Span[] = [{ text: `${label} `, style: kind }];
  if (guard !== undefined) spans.push({ text: `[${guardText(guard)}] `, style: "small" });
  if (actions.length > 0) spans.push({ text: `/ ${actions.join(", ")} `, style: "small" });
  if (targets.includes(source)) spans.push({ text: "again", style: "word" });
  else if (actions.length === 0) spans.push({ text: "ignored", style: "word" });
  return paragraph(spans, { maxWidth, icon: kind });
}
