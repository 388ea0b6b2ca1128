import { round } from "./block.js";
import { escapeXml } from "./xml.js";
import { drawEdge, drawEdgeLabel } from "./draw-edge.js";
import { drawNode } from "./draw-node.js";
import type { Layout } from "./layout.js";
import type { PictureNode } from "./picture-graph.js";
import { styleSheet } from "./svg-style.js";

/** The picture as a standalone SVG, which can be put into a page as it is, too. */
export function renderSvg(layout: Layout): string {
  const { graph, width, height, nodes, edges } = layout;
  // A state may be called "title" or "machine": their ids begin with dashes.
  const [titleId, descId] = [`${graph.name}:title`, `${graph.name}:desc`];
  const idOf = (path: string) => (path === "" ? `${graph.name}:machine` : `${graph.name}--${nameOf(path)}`);
  const groups = nodes.filter(({ node }) => node.kind === "group");
  const rest = nodes.filter(({ node }) => node.kind !== "group");
  // The parts of an image are nobody's to reach; links have to be.
  const role = nodes.some(({ node }) => hasLink(node)) ? "group" : "img";
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="statechart" role="${role}" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" aria-labelledby="${titleId}" aria-describedby="${descId}">`,
    `<title id="${titleId}">${escapeXml(graph.title)}</title>`,
    `<desc id="${descId}">${escapeXml(graph.description)}</desc>`,
    `<style>\n${styleSheet()}\n</style>`,
    `<rect class="page" width="100%" height="100%" rx="10"/>`,
    ...groups.map((placed) => drawNode(placed, idOf)),
    `<g aria-hidden="true">`,
    ...edges.map(drawEdge),
    `</g>`,
    ...rest.map((placed) => drawNode(placed, idOf)),
    ...edges.map(drawEdgeLabel),
    `</svg>`,
  ];
  return `${lines.filter((line) => line !== "").join("\n")}\n`;
}

/** Two paths have two names. */
function nameOf(path: string): string {
  return path.replaceAll(/[^\w.-]/g, (character) => `:${character.codePointAt(0)?.toString(16) ?? ""}`);
}

function hasLink({ link, block }: PictureNode): boolean {
  return link !== undefined || block.items.some((item) => item.type === "text" && item.link !== undefined);
}
