import { type Block, padded, paragraph } from "./block.js";
import { cardOf, headerWidths, outsideCardOf } from "./card.js";
import { type Choice, choicesAmong } from "./choices.js";
import { combined, labelOf } from "./edge-label.js";
import { type Junction, junctionsAmong } from "./junctions.js";
import { parentOf, stateAt, type StateModel } from "./machine-model.js";
import { edgesOf, rowsOf } from "./picture-edges.js";
import type { NodeKind, PictureEdge, PictureGraph, PictureNode } from "./picture-graph.js";
import { type Arrow, arrowsOf, isOpen, staysOf } from "./picture-view.js";
import { type Picture, pictureName, picturesOf } from "./pictures.js";

/** What a picture shows, before it has a layout. */
export function pictureGraph(
  picture: Picture,
  headerWidthOf: (id: string) => number = () => headerWidths[0],
): PictureGraph {
  const { model, scope, name } = picture;
  const arrows = arrowsOf(picture);
  const choices = choicesAmong(arrows);
  const chosen = new Set(choices.flatMap((choice) => choice.arrows));
  const junctions = junctionsAmong(arrows.filter((arrow) => !chosen.has(arrow)));
  const edges = edgesOf(picture, { arrows, choices, junctions });
  const used = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const state = stateAt(model, scope);
  const shared = [
    ...choices.map((choice) => ({ within: choice.within, node: choiceNode(choice) })),
    ...junctions.map((junction) => ({ within: junction.within, node: junctionNode(junction, picture) })),
  ];
  const free = shared.filter(({ within }) => within === undefined).map(({ node }) => node);
  const nodes = [nodeOf(state, { picture, shared, used, headerWidthOf }), ...free, ...outsideNodes(picture, arrows)];
  const title = scope === "" ? `The ${model.id} machine` : `The ${model.id} machine: ${scope}`;
  return { name, title, description: describe(picture, edges), nodes, edges };
}

interface Surroundings {
  readonly picture: Picture;
  /** Where edges meet or part, by the state it is in. */
  readonly shared: readonly { readonly within: string | undefined; readonly node: PictureNode }[];
  readonly used: ReadonlySet<string>;
  readonly headerWidthOf: (id: string) => number;
}

function nodeOf(state: StateModel, around: Surroundings): PictureNode {
  const { picture, shared, used } = around;
  const { model, collapsed } = picture;
  const { path } = state;
  const id = `s:${path}`;
  if (state.type === "history") return pseudo(id, "history", dot(22), state);
  const isCollapsed = collapsed.has(path);
  const stays = staysOf(picture, path);
  const block = cardOf(state, model, { stays, isCollapsed, headerWidth: around.headerWidthOf(id) });
  const link = isCollapsed ? pictureName(model, path) : undefined;
  if (!isOpen(picture, path)) return { id, kind: "card", state, block, children: [], link };
  const children = [
    ...(used.has(`i:${path}`) ? [pseudo(`i:${path}`, "initial", dot(12), undefined)] : []),
    ...(used.has(`a:${path}`) ? [pseudo(`a:${path}`, "anchor", anchorBlock(), undefined)] : []),
    ...state.children.map((child) => nodeOf(stateAt(model, child), around)),
    ...shared.filter(({ within }) => within === path).map(({ node }) => node),
  ];
  return { id, kind: "group", state, block, children, link };
}

function outsideNodes({ model, scope }: Picture, arrows: readonly Arrow[]): PictureNode[] {
  const shown = new Map(arrows.flatMap(({ from, to }) => [from, to]).map((each) => [each.id, each]));
  const names = new Set(picturesOf(model).map(({ name }) => name));
  return [...shown.values()]
    .filter(({ isOutside }) => isOutside)
    .map(({ id, path }) => {
      const isAround = path === "" || scope.startsWith(`${path}.`);
      const state = stateAt(model, path);
      const own = pictureName(model, path);
      const link = names.has(own) && !isAround ? own : pictureName(model, "");
      const block = outsideCardOf(path === "" ? model.id : path, isAround ? "in any state" : undefined);
      return {
        id,
        kind: "outside" as const,
        state,
        block,
        children: [],
        link: link === pictureName(model, scope) ? undefined : link,
      };
    });
}

function choiceNode({ id, guard }: Choice): PictureNode {
  return pseudo(
    id,
    "choice",
    padded(paragraph([{ text: guard, style: "name" }], { maxWidth: 240 }), { x: 20, y: 7 }),
    undefined,
  );
}

function junctionNode({ id, arrows }: Junction, { model }: Picture): PictureNode {
  const kinds = new Set(arrows.map(({ transition }) => transition.kind));
  const [edgeKind = "mixed"] = kinds;
  return {
    ...pseudo(id, "junction", labelOf(combined(rowsOf(arrows, model, { isShared: true }))), undefined),
    edgeKind,
  };
}

function anchorBlock(): Block {
  return padded(paragraph([{ text: "in any state here", style: "word" }], { maxWidth: 200 }), { x: 9, y: 4 });
}

function pseudo(id: string, kind: NodeKind, block: Block, state: StateModel | undefined): PictureNode {
  return { id, kind, state, block, children: [], link: undefined };
}

function dot(size: number): Block {
  return { width: size, height: size, items: [] };
}

/** For who cannot see the picture: what it shows, in words. */
function describe({ model, scope, collapsed }: Picture, edges: readonly PictureEdge[]): string {
  const { description, children } = stateAt(model, scope);
  const shown = children.map((path) => stateAt(model, path).key).join(", ");
  const moves = edges
    .flatMap(({ transitions }) => transitions)
    .filter(({ source }) => parentOf(source) === scope || source === scope)
    .flatMap(({ source, label, targets }) =>
      targets.map((target) => `${source === "" ? model.id : source} to ${target} by ${label}`),
    );
  const more =
    collapsed.size === 0 ? "" : ` Inner states of ${[...collapsed].join(", ")} are in pictures of their own.`;
  return `${description ?? ""} States: ${shown}. Transitions: ${[...new Set(moves)].slice(0, 40).join("; ")}.${more}`.trim();
}
