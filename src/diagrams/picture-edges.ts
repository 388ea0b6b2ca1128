import type { Choice } from "./choices.js";
import { combined, labelOf, type LabelRow, rowOf } from "./edge-label.js";
import type { Junction } from "./junctions.js";
import { isWithin, type MachineModel, stateAt, type TransitionModel } from "./machine-model.js";
import type { PictureEdge } from "./picture-graph.js";
import { type Arrow, isOpen, type Seen, seen } from "./picture-view.js";
import type { Picture } from "./pictures.js";

/** The edges of a picture: one between two cards, whatever number of transitions it stands for. */
export function edgesOf(
  picture: Picture,
  {
    arrows,
    choices,
    junctions,
  }: { arrows: readonly Arrow[]; choices: readonly Choice[]; junctions: readonly Junction[] },
): PictureEdge[] {
  const shared = new Set([...choices, ...junctions].flatMap((each) => each.arrows));
  const plain = grouped(
    arrows.filter((arrow) => !shared.has(arrow)),
    (arrow) => [startOf(arrow), endOf(arrow)],
  ).map(({ ends, members }) => edge(ends, members, combined(rowsOf(members, picture.model))));
  const into = choices.flatMap(({ id, arrows: members }) =>
    grouped(members, (arrow) => [startOf(arrow), id]).map(({ ends, members: own }) => edge(ends, own, intoChoice(own))),
  );
  const outOf = choices.flatMap(({ id, arrows: members }) =>
    grouped(members, (arrow) => [id, endOf(arrow)]).map(({ ends, members: own }) => ({
      ...edge(ends, own, outOfChoice(own)),
      kind: "mixed" as const,
    })),
  );
  const meeting = junctions.flatMap(({ id, arrows: members }) => [
    ...grouped(members, (arrow) => [startOf(arrow), id]).map(({ ends, members: own }) => edge(ends, own)),
    ...grouped(members, (arrow) => [id, endOf(arrow)]).map(({ ends, members: own }) => edge(ends, own)),
  ]);
  return [...initialEdges(picture), ...plain, ...into, ...outOf, ...meeting];
}

/** An edge that goes inwards begins at a point that stands for every state inside. */
function startOf({ from, to }: Arrow): string {
  return !from.isOutside && !to.isOutside && isWithin(to.path, from.path) ? `a:${from.path}` : from.id;
}

/** An edge to a state around its source leads to where that state begins. */
function endOf({ from, to }: Arrow): string {
  return !from.isOutside && !to.isOutside && isWithin(from.path, to.path) ? `i:${to.path}` : to.id;
}

function initialEdges(picture: Picture): PictureEdge[] {
  return picture.model.states
    .filter(({ path, type }) => type === "compound" && isShownOpen(picture, path))
    .flatMap(({ path, initial }) =>
      initial.map((target) => ({
        id: `i:${path}>${seen(picture, target).id}`,
        from: `i:${path}`,
        to: seen(picture, target).id,
        kind: "initial" as const,
        label: undefined,
        transitions: [],
      })),
    );
}

function isShownOpen(picture: Picture, path: string): boolean {
  const { id, isOutside } = seen(picture, path);
  return !isOutside && id === `s:${path}` && isOpen(picture, path);
}

function grouped(arrows: readonly Arrow[], endsOf: (arrow: Arrow) => readonly [string, string]) {
  const groups = new Map<string, { ends: readonly [string, string]; members: Arrow[] }>();
  for (const arrow of arrows) {
    const ends = endsOf(arrow);
    const key = ends.join(">");
    const group = groups.get(key) ?? { ends, members: [] };
    group.members.push(arrow);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function edge(
  [from, to]: readonly [string, string],
  members: readonly Arrow[],
  rows: readonly LabelRow[] = [],
): PictureEdge {
  const transitions = [...new Set(members.map(({ transition }) => transition))];
  return {
    id: `${from}>${to}`,
    from,
    to,
    kind: kindOf(transitions),
    label: rows.length === 0 ? undefined : labelOf(rows),
    transitions,
  };
}

function kindOf(transitions: readonly TransitionModel[]): PictureEdge["kind"] {
  const kinds = new Set(transitions.map(({ kind }) => kind));
  const [kind = "mixed"] = kinds;
  return kinds.size === 1 ? kind : "mixed";
}

/** What the transitions of an edge say, or those that meet. */
export function rowsOf(members: readonly Arrow[], model: MachineModel, { isShared = false } = {}): LabelRow[] {
  const sources = new Set(members.map(({ from }) => from.hidden));
  return members.map(({ transition, from, to, target }) => {
    const notes = [
      ...(from.hidden !== "" && sources.size === 1 ? [`from ${from.hidden}`] : []),
      ...(to.hidden !== "" && !isEntry(to, target, model) ? [`to ${to.hidden}`] : []),
    ];
    return rowOf(transition, {
      note: notes.join(" "),
      withActions: isShared || (!from.isOutside && from.hidden === ""),
    });
  });
}

/** Whether that is where the card would be entered anyway. */
function isEntry({ path }: Seen, target: string, model: MachineModel): boolean {
  const { initial } = stateAt(model, path);
  return initial.some(
    (inner) => inner === target || (isWithin(target, inner) && isEntry({ path: inner } as Seen, target, model)),
  );
}

function intoChoice(members: readonly Arrow[]): LabelRow[] {
  return combined(
    members.map(({ transition, from }) =>
      rowOf(transition, { note: "", withGuard: false, withActions: from.hidden === "" }),
    ),
  );
}

function outOfChoice(members: readonly Arrow[]): LabelRow[] {
  const params = [...new Set(members.map(({ transition }) => transition.guard?.params ?? ""))];
  return [{ kind: "always", events: [], guard: params.join(", "), actions: [], note: "" }];
}
