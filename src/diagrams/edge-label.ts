import { type Block, padded, paragraph, stack } from "./block.js";
import type { TransitionKind, TransitionModel } from "./machine-model.js";
import { guardText } from "./names.js";
import type { Span } from "./text-style.js";

const textWidth = 198;

/** What an edge says of one transition, or of several that differ in their event only. */
export interface LabelRow {
  readonly kind: TransitionKind;
  readonly events: readonly string[];
  readonly guard: string;
  readonly actions: readonly string[];
  /** Where it comes from or leads to, if that is not the card the edge touches. */
  readonly note: string;
}

export function rowOf(
  transition: TransitionModel,
  { note, withGuard = true, withActions = true }: RowOptions,
): LabelRow {
  const { kind, label, guard, actions } = transition;
  return {
    kind,
    events: [label],
    guard: guard === undefined || !withGuard ? "" : guardText(guard),
    actions: withActions ? actions : [],
    note,
  };
}

export interface RowOptions {
  readonly note: string;
  readonly withGuard?: boolean;
  readonly withActions?: boolean;
}

/** Rows that differ in their event only are one. */
export function combined(rows: readonly LabelRow[]): LabelRow[] {
  const byRest = new Map<string, LabelRow>();
  for (const row of rows) {
    const key = JSON.stringify([row.kind, row.guard, row.actions, row.note]);
    const same = byRest.get(key);
    byRest.set(key, same === undefined ? row : { ...same, events: [...new Set([...same.events, ...row.events])] });
  }
  return [...byRest.values()];
}

/** The label of an edge. */
export function labelOf(rows: readonly LabelRow[]): Block {
  return padded(stack(rows.map(blockOf), 2), { x: 7, y: 4 });
}

function blockOf({ kind, events, guard, actions, note }: LabelRow): Block {
  const spans: Span[] = events.length === 0 ? [] : [{ text: `${events.join(", ")} `, style: kind }];
  if (guard !== "") spans.push({ text: `[${guard}] `, style: "small" });
  if (note !== "") spans.push({ text: note, style: "word" });
  const lines = [paragraph(spans, { maxWidth: textWidth, icon: events.length === 0 ? undefined : kind })];
  if (actions.length > 0)
    lines.push(paragraph([{ text: `/ ${actions.join(", ")}`, style: "small" }], { maxWidth: textWidth, indent: 16 }));
  return stack(lines);
}
