import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What one scenario says must be true. */
export interface Scenario {
  readonly id: string;
  /** As in the source: `%s` stands for what differs. */
  readonly title: string;
  /** It runs on the simulated world, because the real one cannot be brought to it. */
  readonly isSimulated: boolean;
}

const folder = fileURLToPath(new URL("../", import.meta.url));
// A title is a string literal that begins with its id; what follows up to the next one is its scenario.
const scenarioText = /"(LP-\d\d [^"\n]+)"([^]*?)(?="LP-\d\d |$)/g;

/** The scenarios of each file that is named after a leak path, in order. */
export function readScenarios(): readonly (Scenario & { readonly file: string })[] {
  const files = readdirSync(folder).filter((name) => /^LP-\d\d\.test\.ts$/.test(name));
  return files.toSorted().flatMap((name) => {
    const source = readFileSync(`${folder}${name}`, "utf8");
    return [...source.matchAll(scenarioText)].map(([, title = "", body = ""]) => ({
      file: name,
      id: title.slice(0, "LP-00".length),
      title,
      isSimulated: body.includes("simulate("),
    }));
  });
}
