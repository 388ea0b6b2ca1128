import { commonAncestor, isWithin, parentOf, stateAt, type TransitionModel } from "./machine-model.js";
import type { Picture } from "./pictures.js";

/** Where a state is to be seen in a picture: itself, the closed card it is in, or a card outside of what the picture shows. */
export interface Seen {
  readonly id: string;
  /** Path of the state whose card that is. */
  readonly path: string;
  readonly isOutside: boolean;
  /** Path from that card to the state; empty where the card is its own. */
  readonly hidden: string;
}

/** One transition to one of its targets, by the cards it connects. */
export interface Arrow {
  readonly transition: TransitionModel;
  readonly target: string;
  readonly from: Seen;
  readonly to: Seen;
}

export function seen(picture: Picture, path: string): Seen {
  const { scope, collapsed } = picture;
  if (!isWithin(path, scope)) return outside(path, scope);
  const closed = [...collapsed].find((each) => isWithin(path, each));
  const shown = closed ?? path;
  return {
    id: `s:${shown}`,
    path: shown,
    isOutside: false,
    hidden: path === shown ? "" : path.slice(shown.length + 1),
  };
}

/** The transitions that a picture draws as edges. */
export function arrowsOf(picture: Picture): Arrow[] {
  const { model } = picture;
  return model.transitions.flatMap((transition) =>
    transition.targets
      .map((target) => ({
        transition,
        target,
        from: seen(picture, transition.source),
        to: seen(picture, target),
      }))
      .filter(({ from, to }) => from.id !== to.id && !(from.isOutside && to.isOutside)),
  );
}

/** The transitions that a card lists: those that leave it not. */
export function staysOf(picture: Picture, path: string): TransitionModel[] {
  return picture.model.transitions.filter(
    ({ source, targets }) => source === path && targets.every((target) => target === source),
  );
}

/** Whether a state is drawn open, with its inner states in it. */
export function isOpen({ model, collapsed }: Picture, path: string): boolean {
  return !collapsed.has(path) && stateAt(model, path).children.length > 0;
}

function outside(path: string, scope: string): Seen {
  const around = commonAncestor(scope, path);
  // What is around everything shown has no card beside it but its own.
  let shown = path;
  while (shown !== around && parentOf(shown) !== around) shown = parentOf(shown) ?? "";
  return { id: `o:${shown}`, path: shown, isOutside: true, hidden: path === shown ? "" : path.slice(shown.length + 1) };
}
