import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attempt, oneLine } from "./attempt.js";
import type { Defect } from "./defect.js";
import { layerOf } from "./layers.js";
import { PatchedSources } from "./patched-sources.js";
import type { TestSelection } from "./run-tests.js";
import { settleProperties } from "./settings.js";

/** Tests that each defect is caught by what is said to catch it, and that nothing is caught where there is no defect. */
export function checkDefects(name: string, defects: readonly Defect[]): void {
  describe(name, () => {
    let sources: PatchedSources;
    beforeAll(async () => {
      settleProperties();
      sources = await PatchedSources.open();
    });
    afterAll(() => sources[Symbol.asyncDispose]());

    for (const selection of selectionsOf(defects)) {
      const { file, title = "all of it" } = selection;
      test(`should not be seen by ${file} where there is none: ${title}`, async () => {
        expect(await attempt(sources, [], selection)).toBeUndefined();
      });
    }

    for (const defect of defects) {
      const { id, what, caughtBy } = defect;
      test(`should be caught by ${layerOf(caughtBy)}: ${what} (${id})`, async () => {
        const failure = await attempt(sources, [defect], caughtBy);
        if (failure === undefined) throw new Error(`${caughtBy.file} does not catch it: ${what}`);
        console.info(`${id}: ${oneLine(failure)}`);
      });
    }
  });
}

function selectionsOf(defects: readonly Defect[]): readonly TestSelection[] {
  const selections = defects.map(({ caughtBy }) => caughtBy);
  return [...new Map(selections.map((selection) => [JSON.stringify(selection), selection])).values()];
}
