import { commonAncestor } from "./machine-model.js";
import type { Arrow } from "./picture-view.js";

/** Several transitions that one guard, by its parameters, leads to different states. */
export interface Choice {
  readonly id: string;
  readonly guard: string;
  /** Path of the innermost state around all it leads to; `undefined` where it leads outside of the picture. */
  readonly within: string | undefined;
  readonly arrows: readonly Arrow[];
}

/** A guard that decides among states by its parameters is drawn once, with an edge to each of them. */
export function choicesAmong(arrows: readonly Arrow[]): Choice[] {
  const groups = new Map<string, Arrow[]>();
  for (const arrow of arrows) {
    const { guard, source, event } = arrow.transition;
    if (guard === undefined || guard.params === "" || arrow.from.isOutside) continue;
    const key = JSON.stringify([source, event, guard.name]);
    groups.set(key, [...(groups.get(key) ?? []), arrow]);
  }
  const choices = new Map<string, Choice>();
  for (const group of groups.values()) {
    const targets = [...new Set(group.map(({ to }) => to.id))];
    const [first] = group;
    if (first === undefined || targets.length < 2) continue;
    const guard = first.transition.guard?.name ?? "";
    const id = `c:${guard}:${targets.join()}`;
    const earlier = choices.get(id)?.arrows ?? [];
    choices.set(id, { id, guard, within: around(group), arrows: [...earlier, ...group] });
  }
  return [...choices.values()];
}

function around(group: readonly Arrow[]): string | undefined {
  if (group.some(({ to }) => to.isOutside)) return undefined;
  return group.map(({ to }) => to.path).reduce((a, b) => commonAncestor(a, b));
}
