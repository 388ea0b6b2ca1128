import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attempt } from "./attempt.js";
import { blindChecks } from "./catalogue/blind-checks.js";
import type { Defect } from "./defect.js";
import { layerOf, layers, testsOf } from "./layers.js";
import { PatchedSources } from "./patched-sources.js";
import type { TestSelection } from "./run-tests.js";
import { isSurvey, timeoutMs } from "./settings.js";
import { report, tryAll, tryKnown } from "./survey.js";

/** Tests that each defect is caught by what is said to catch it, and that nothing is caught where there is no defect. */
export function checkDefects(name: string, defects: readonly Defect[]): void {
  describe(name, { timeout: timeoutMs }, () => {
    let sources: PatchedSources;
    beforeAll(async () => {
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
      const layer = layerOf(caughtBy);
      test(`should be caught by ${layer}: ${what} (${id})`, async () => {
        const survey = await (isSurvey ? tryAll : tryKnown)(sources, defect);
        report(defect, survey);
        if (!survey[layer]) throw new Error(`${caughtBy.file} does not catch it: ${what}`);
      });
    }

    for (const blind of blindChecks) {
      const unseen = defects.find(({ id }) => id === blind.blindTo);
      if (unseen === undefined) continue;
      test(`should show when ${blind.what}: nothing else catches ${unseen.id} there (${blind.id})`, async () => {
        expect(await attempt(sources, [blind, unseen], unseen.caughtBy)).toBeUndefined();
      });
    }
  });
}

function selectionsOf(defects: readonly Defect[]): readonly TestSelection[] {
  const known = defects.map(({ caughtBy }) => caughtBy);
  const all = isSurvey ? [...known, ...layers.flatMap(testsOf)] : known;
  return [...new Map(all.map((selection) => [JSON.stringify(selection), selection])).values()];
}
