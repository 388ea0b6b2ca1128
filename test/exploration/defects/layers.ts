import { readdirSync } from "node:fs";
import { projectRoot } from "./patched-sources.js";
import type { TestSelection } from "./run-tests.js";

/** What catches a defect, the cheapest first. */
export const layers = ["structure", "exploration", "simulated property", "real property", "scenario"] as const;
export type Layer = (typeof layers)[number];

/** By folder. Whoever is in none of these is a directed run, a scenario. */
const layerOfFolder: Readonly<Record<string, Layer>> = {
  "test/machines": "structure",
  "test/exploration": "exploration",
  "test/properties": "simulated property",
  "test/properties/real": "real property",
};

/** The same property of every server, reason and moment, each of them once. */
const matrix = "test/real/matrix.test.ts";

export function layerOf({ file }: TestSelection): Layer {
  return file === matrix ? "real property" : (layerOfFolder[folderOf(file)] ?? "scenario");
}

/** Whether processes and sockets are real there: they need to be ended if the defect leaves them, and time that nobody can skip. */
export function isReal({ file }: TestSelection): boolean {
  return !simulatedFolders.has(folderOf(file));
}

const simulatedFolders = new Set([
  "test/machines",
  "test/exploration",
  "test/properties",
  "test/supervisor",
  "test/testing/simulation",
]);

/** Everything that a layer has; of the directed runs, the scenarios of the leak paths. */
export function testsOf(layer: Layer): readonly TestSelection[] {
  const folders = Object.entries({ ...layerOfFolder, "test/scenarios": "scenario" })
    .filter(([, each]) => each === layer)
    .map(([folder]) => folder);
  return folders.flatMap(testFilesIn).map((file) => ({ file }));
}

function testFilesIn(folder: string): readonly string[] {
  return readdirSync(`${projectRoot}${folder}`, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".test.ts"))
    .map(({ name }) => `${folder}/${name}`);
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/"));
}
