import type { DocumentedMachine } from "./documented-machine.js";
import { placePicture } from "./draw-picture.js";
import { indexPage } from "./index-page.js";
import type { Layout } from "./layout.js";
import { legendSvg } from "./legend.js";
import { machinePage, modelOf } from "./machine-page.js";
import { mermaidOf } from "./mermaid.js";
import { picturesOf } from "./pictures.js";
import { renderSvg } from "./render-svg.js";

/** A file of the generated documentation. */
export interface GeneratedFile {
  /** Within the folder of the diagrams. */
  readonly name: string;
  readonly text: string;
}

/**
 * Pictures, Mermaid text and tables of machines, and a page that lists them. The same bytes for the same definitions, on every machine.
 * Rejects with `ELK_MISSING` where `elkjs` is not installed.
 */
export async function diagramFiles(machines: readonly DocumentedMachine[]): Promise<GeneratedFile[]> {
  const pictures = [];
  // One after the other: ELK keeps memory for each that is under way.
  for (const picture of machines.map((each) => modelOf(each)).flatMap(picturesOf)) {
    pictures.push(svgFile(await placePicture(picture)));
  }
  return [...textFiles(machines), ...pictures];
}

/** All but the pictures. */
export function textFiles(machines: readonly DocumentedMachine[]): GeneratedFile[] {
  const models = machines.map((each) => modelOf(each));
  const pages = models.map(({ id }) => id);
  return [
    { name: "README.md", text: indexPage(models) },
    { name: "legend.svg", text: legendSvg() },
    ...machines.map((each, index) => ({ name: `${pages[index]}.md`, text: machinePage(each, pages) })),
    ...models.map((model) => ({ name: `${model.id}.mmd`, text: mermaidOf(model) })),
  ];
}

/** One picture. */
export function svgFile(layout: Layout): GeneratedFile {
  return { name: `${layout.graph.name}.svg`, text: renderSvg(layout) };
}
