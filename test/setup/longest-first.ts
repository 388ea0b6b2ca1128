import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The longest files, as `npm test` shows them. Begun last, one of these would run alone at the end, on one of the cores. */
const longest = [
  "exploration/defects/real-defects",
  "real/matrix",
  "real/killed-at-random",
  "properties/real/supervisor",
  "exploration/defects/defects",
  "cli/interruption",
  "exploration/composed",
  "cli/bad-input",
  "real/host-exits",
  "transports/stdio-client-transport",
].map((name) => `/test/${name}.test.ts`);

/** Begins with the longest files; the others follow in vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((name) => moduleId.endsWith(name));
  return place < 0 ? longest.length : place;
}
