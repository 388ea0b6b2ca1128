import type { ElkExtendedEdge, ElkNode, LayoutOptions } from "elkjs/lib/elk-api.js";
import { round } from "./block.js";
import { loadElk } from "./load-elk.js";
import type { PictureEdge, PictureGraph, PictureNode } from "./picture-graph.js";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedNode extends Box {
  readonly node: PictureNode;
  readonly depth: number;
  /** What stands in it; of a group, its heading, which keeps clear of the edges that lead in. */
  readonly text: Box;
}

export interface PlacedEdge {
  readonly edge: PictureEdge;
  /** From the source to the target, with the bends between. */
  readonly points: readonly Point[];
  readonly label: Box | undefined;
}

/** A picture with a place for everything, in pixels from its upper left corner. */
export interface Layout {
  readonly graph: PictureGraph;
  readonly width: number;
  readonly height: number;
  /** Groups before what is in them. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

const options: LayoutOptions = {
  "elk.algorithm": "layered",
  "elk.direction": "DOWN",
  "elk.edgeRouting": "ORTHOGONAL",
  "elk.hierarchyHandling": "INCLUDE_CHILDREN",
  "elk.randomSeed": "1",
  "elk.json.shapeCoords": "ROOT",
  "elk.json.edgeCoords": "ROOT",
  "elk.padding": "[top=16,left=16,bottom=16,right=16]",
};

const inContainer: LayoutOptions = {
  "elk.layered.cycleBreaking.strategy": "DEPTH_FIRST",
  "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
  "elk.layered.nodePlacement.favorStraightEdges": "true",
  "elk.layered.spacing.nodeNodeBetweenLayers": "22",
  "elk.layered.spacing.edgeNodeBetweenLayers": "14",
  "elk.layered.spacing.edgeEdgeBetweenLayers": "12",
  "elk.spacing.nodeNode": "26",
  "elk.spacing.edgeNode": "20",
  "elk.spacing.edgeEdge": "16",
  "elk.spacing.edgeLabel": "4",
  "elk.spacing.labelNode": "6",
  "elk.layered.edgeLabels.sideSelection": "ALWAYS_DOWN",
};

const groupMargin = 18;

/** Places a picture by ELK's layered algorithm: downwards, edges at right angles, each label on its edge. */
export async function layOut(graph: PictureGraph): Promise<Layout> {
  const elk = new (await loadElk())();
  const placed: ElkNode = await elk.layout({
    id: "picture",
    layoutOptions: { ...options, ...inContainer },
    children: graph.nodes.map(toElk),
    edges: graph.edges.map(edgeToElk),
  });
  const nodes = graph.nodes.flatMap((node) => placedNodes(node, placed.children ?? [], 0));
  const byId = new Map((placed.edges ?? []).map((edge) => [edge.id, edge]));
  const edges = graph.edges.map((edge) => placedEdge(edge, byId.get(edge.id)));
  return { graph, width: Math.ceil(placed.width ?? 0), height: Math.ceil(placed.height ?? 0), nodes, edges };
}

function toElk({ id, block, kind, children }: PictureNode): ElkNode {
  const { width, height } = block;
  if (kind !== "group") return { id, width, height, layoutOptions: { "elk.alignment": "TOP" } };
  const top = height + groupMargin;
  return {
    id,
    children: children.map(toElk),
    layoutOptions: {
      ...inContainer,
      "elk.padding": `[top=${top},left=${groupMargin},bottom=${groupMargin},right=${groupMargin}]`,
      "elk.nodeSize.constraints": "MINIMUM_SIZE",
      // Downwards, ELK takes the one for the other.
      "elk.nodeSize.minimum": `(${top + groupMargin},${width})`,
    },
  };
}

function edgeToElk({ id, from, to, label }: PictureEdge): ElkExtendedEdge {
  const labels = label && [
    {
      id: `${id}:label`,
      text: "label",
      width: label.width,
      height: label.height,
      layoutOptions: { "elk.edgeLabels.inline": "true", "elk.edgeLabels.placement": "CENTER" },
    },
  ];
  return { id, sources: [from], targets: [to], ...(labels && { labels }) };
}

function placedNodes(node: PictureNode, siblings: readonly ElkNode[], depth: number): PlacedNode[] {
  const elkNode = siblings.find(({ id }) => id === node.id);
  const { x = 0, y = 0, width = 0, height = 0, children = [] } = elkNode ?? {};
  const box = { x: round(x), y: round(y), width: round(width), height: round(height) };
  const text = {
    x: box.x,
    y: box.y,
    width: node.kind === "group" ? node.block.width : box.width,
    height: node.block.height,
  };
  const own = { node, depth, ...box, text };
  return [own, ...node.children.flatMap((child) => placedNodes(child, children, depth + 1))];
}

function placedEdge(edge: PictureEdge, placed: ElkExtendedEdge | undefined): PlacedEdge {
  const [section] = placed?.sections ?? [];
  const points = section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [];
  const [label] = placed?.labels ?? [];
  return {
    edge,
    points: points.map(({ x, y }) => ({ x: round(x), y: round(y) })),
    label: label && {
      x: round(label.x ?? 0),
      y: round(label.y ?? 0),
      width: label.width ?? 0,
      height: label.height ?? 0,
    },
  };
}
