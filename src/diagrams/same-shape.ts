import { isWithin } from "./machine-model.js";
import type { Picture } from "./pictures.js";

/** Pictures of states that differ in their names only, together; the order stays that of the first of each. */
export function byShape(pictures: readonly Picture[]): (readonly [Picture, ...Picture[]])[] {
  const shapes = new Map<string, readonly [Picture, ...Picture[]]>();
  for (const picture of pictures) {
    const shape = shapeOf(picture);
    const alike = shapes.get(shape);
    shapes.set(shape, alike === undefined ? [picture] : [...alike, picture]);
  }
  return [...shapes.values()];
}

function shapeOf({ model, scope, name }: Picture): string {
  if (scope === "") return name;
  const inner = (path: string) => (isWithin(path, scope) ? `.${path.slice(scope.length)}` : path);
  const states = model.states
    .filter(({ path }) => isWithin(path, scope))
    .map(({ path, type, entry, exit, invokes }) => [inner(path), type, entry, exit, invokes.map(({ src }) => src)]);
  const transitions = model.transitions
    .filter(({ source }) => isWithin(source, scope))
    .map(({ source, label, guard, actions, targets }) => [inner(source), label, guard, actions, targets.map(inner)]);
  return JSON.stringify([states, transitions]);
}
