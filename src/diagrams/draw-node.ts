import { drawBlock, linked } from "./draw-block.js";
import type { PlacedNode } from "./layout.js";
import { looksOf } from "./looks.js";
import { escapeXml } from "./xml.js";

/** A state or pseudo-state at its place. */
export function drawNode(placed: PlacedNode, idOf: (part: string) => string): string {
  const { node, x, y, width, height } = placed;
  const middle = { x: x + width / 2, y: y + height / 2 };
  if (node.kind === "initial")
    return `<circle class="initial" cx="${middle.x}" cy="${middle.y}" r="${width / 2 - 1}"/>`;
  if (node.kind === "history") return history(placed, idOf);
  const items = drawBlock(node.block.items, { x: placed.text.x, y: placed.text.y, ruleWidth: placed.text.width });
  if (node.kind === "junction")
    return `<g class="label label-${node.edgeKind ?? "mixed"}">${rect(placed, 8)}${items}</g>`;
  if (node.kind === "anchor") return `<g class="anchor">${rect(placed, 10)}${items}</g>`;
  if (node.kind === "choice") return `<g class="choice"><path d="${hexagon(placed)}"/>${items}</g>`;
  const classes = [node.kind, ...(node.state ? looksOf(node.state) : [])].join(" ");
  const second =
    node.state?.type === "final" ? rect({ x: x + 3, y: y + 3, width: width - 6, height: height - 6 }, 6) : "";
  const inner = `${rect(placed, node.kind === "group" ? 12 : 9)}${second}${items}`;
  return linked(`<g class="${classes}"${stateAttributes(placed, idOf)}>${inner}</g>`, node.link);
}

function stateAttributes({ node }: PlacedNode, idOf: (part: string) => string): string {
  if (node.state === undefined) return "";
  const path = escapeXml(node.state.path);
  return node.kind === "outside" ? ` data-outside="${path}"` : ` id="${idOf(node.state.path)}" data-state="${path}"`;
}

function history({ node, x, y, width }: PlacedNode, idOf: (part: string) => string): string {
  const r = width / 2;
  const text = node.state?.history === "deep" ? "H*" : "H";
  return `<g class="history"${stateAttributes({ node } as PlacedNode, idOf)}><circle cx="${x + r}" cy="${y + r}" r="${r - 1}"/><text class="name" x="${x + r}" y="${y + r + 4}" text-anchor="middle">${text}</text></g>`;
}

function rect({ x, y, width, height }: { x: number; y: number; width: number; height: number }, rx: number): string {
  return `<rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="${rx}"/>`;
}

function hexagon({ x, y, width, height }: PlacedNode): string {
  const tip = 14;
  return `M${x} ${y + height / 2}l${tip} ${-height / 2}h${width - 2 * tip}l${tip} ${height / 2}l${-tip} ${height / 2}h${2 * tip - width}z`;
}
