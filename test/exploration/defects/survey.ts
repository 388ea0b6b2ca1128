import { appendFileSync } from "node:fs";
import { attempt, oneLine } from "./attempt.js";
import type { Defect } from "./defect.js";
import { type Layer, layerOf, layers, testsOf } from "./layers.js";
import type { PatchedSources } from "./patched-sources.js";
import type { TestSelection } from "./run-tests.js";
import { summaryPath } from "./settings.js";

/** What caught a defect, and how. */
export interface Catch {
  readonly file: string;
  readonly counterexample: string;
}

/** For each layer, the first of its tests that caught the defect; `null` if none did. */
export type Survey = Partial<Record<Layer, Catch | null>>;

/** Tries the tests that are known to catch a defect. */
export async function tryKnown(sources: PatchedSources, defect: Defect): Promise<Survey> {
  const { caughtBy } = defect;
  return { [layerOf(caughtBy)]: await firstCatch(sources, defect, [caughtBy]) };
}

/** Tries every layer. */
export async function tryAll(sources: PatchedSources, defect: Defect): Promise<Survey> {
  const survey: Survey = {};
  for (const layer of layers) {
    const known = layer === layerOf(defect.caughtBy) ? [defect.caughtBy] : [];
    survey[layer] = await firstCatch(sources, defect, [...known, ...testsOf(layer)]);
  }
  return survey;
}

/** Writes it down for who makes a table of it. */
export function report({ id, what, file }: Defect, survey: Survey): void {
  if (summaryPath !== undefined) appendFileSync(summaryPath, `${JSON.stringify({ id, what, file, survey })}\n`);
  for (const [layer, found] of Object.entries(survey))
    console.info(`${id} · ${layer} · ${found?.counterexample ?? "not caught"}`);
}

async function firstCatch(
  sources: PatchedSources,
  defect: Defect,
  selections: readonly TestSelection[],
): Promise<Catch | null> {
  for (const selection of selections) {
    const failure = await attempt(sources, [defect], selection);
    if (failure !== undefined) return { file: selection.file, counterexample: oneLine(failure) };
  }
  return null;
}
