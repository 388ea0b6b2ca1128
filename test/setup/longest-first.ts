import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The longest files, as `npm test` shows them. Begun last, one of these would run alone at the end, on one of the cores. */
const longest = [
  "real/matrix",
  "exploration/defects/real-defects",
  "real/killed-at-random",
  "properties/real/supervisor",
  "exploration/defects/defects",
  "cli/interruption",
  "real/random-moments",
  "exploration/composed",
  "real/host-exits",
  "real/guardian",
  "real/killed-gateway",
  "package/installed-package",
  "real/scale",
  "transports/stdio-client-transport",
  "cli/bad-input",
  "properties/supervisor",
].map((name) => `/test/${name}.test.ts`);

/** Begins with the longest files; then come those that load everything for themselves, and the short ones, which fill up what is left, last. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}

function rank({ moduleId, project }: TestSpecification): number {
  const place = longest.findIndex((name) => moduleId.endsWith(name));
  if (place >= 0) return place;
  return project.config.isolate ? longest.length : longest.length + 1;
}
