import { commonAncestor, type TransitionModel } from "./machine-model.js";
import type { Arrow } from "./picture-view.js";

/** The same thing that leads from several states to one: drawn once, where their edges meet. */
export interface Junction {
  readonly id: string;
  /** Path of the innermost state around all of it; `undefined` where it leads outside of the picture. */
  readonly within: string | undefined;
  readonly arrows: readonly Arrow[];
}

const fewest = 2;

/** Transitions from several states that say the same and lead to the same. */
export function junctionsAmong(arrows: readonly Arrow[]): Junction[] {
  const groups = new Map<string, Arrow[]>();
  for (const arrow of arrows) {
    if (arrow.from.isOutside) continue;
    const key = JSON.stringify([arrow.to.id, arrow.to.hidden, ...saying(arrow.transition)]);
    groups.set(key, [...(groups.get(key) ?? []), arrow]);
  }
  return [...groups.entries()]
    .filter(([, members]) => new Set(members.map(({ from }) => from.id)).size >= fewest)
    .map(([key, members]) => ({ id: `j:${key}`, within: around(members), arrows: members }));
}

/** Children end in the same way whatever their names are. */
function saying({ kind, label, guard, actions }: TransitionModel): unknown[] {
  const isOfChild = kind === "done" && guard !== undefined;
  return [kind, isOfChild ? "" : label, guard?.name, guard?.params, actions];
}

function around(members: readonly Arrow[]): string | undefined {
  if (members.some(({ to }) => to.isOutside)) return undefined;
  const paths = members.flatMap(({ from, to }) => [from.path, to.path]);
  return paths.reduce((a, b) => commonAncestor(a, b));
}
