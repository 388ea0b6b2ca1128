import type { DocumentedMachine } from "./documented-machine.js";
import { placePicture } from "./draw-picture.js";
import { indexPage } from "./index-page.js";
import type { Layout } from "./layout.js";
import { legendSvg } from "./legend.js";
import { machinePage, modelsOf } from "./machine-page.js";
import { mermaidOf } from "./mermaid.js";
import { fileNameOf, picturesOf } from "./pictures.js";
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
  for (const picture of modelsOf(machines).flatMap(picturesOf)) {
    pictures.push(svgFile(await placePicture(picture)));
  }
  return [...textFiles(machines), ...pictures];
}

/** All but the pictures. */
export function textFiles(machines: readonly DocumentedMachine[]): GeneratedFile[] {
  const models = modelsOf(machines);
  const pages = models.map(({ id }) => id);
  return [
    { name: "README.md", text: indexPage(models) },
    { name: "legend.svg", text: legendSvg() },
    ...machines.map((each) => ({ name: `${fileNameOf(each.machine.id)}.md`, text: machinePage(each, pages) })),
    ...models.map((model) => ({ name: `${fileNameOf(model.id)}.mmd`, text: mermaidOf(model) })),
  ];
}

/** One picture. */
export function svgFile(layout: Layout): GeneratedFile {
  return { name: `${layout.graph.name}.svg`, text: renderSvg(layout) };
}
