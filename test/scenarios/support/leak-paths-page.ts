import { catalogue, type LeakPath } from "../catalogue.js";
import { readScenarios, type Scenario } from "./scenario-files.js";

const head = ["id", "elsewhere", "here", "scenarios", "state"];

const introduction = `# Leak paths

Every way in which a gateway is known to have left a live MCP transport behind, or to have ended one too early, and what shows that it
does not happen here. A live transport is whatever still costs somebody something: a process of a server's tree, an HTTP session that
a server keeps, an open stream, a timer, a slot, a listener.

"Elsewhere" was reported by users of the projects that are named, in the public issues whose numbers follow, or was measured on them.
Each scenario is a test of \`test/scenarios\`, on real processes and servers unless it says otherwise; who survived is said by the
kernel or by the server, not by this library. This page is made of them by \`npm run docs:leak-paths\`.`;

/** The text of \`docs/leak-paths.md\`. */
export function leakPathsPage(): string {
  const scenarios = readScenarios();
  const sections = catalogue.map(({ heading, paths }) => {
    const rows = paths.map((path) =>
      row(
        path,
        scenarios.filter(({ id }) => id === path.id),
      ),
    );
    const table = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
    // Columns as wide as their longest sentence would be nobody's to read.
    return [`## ${heading}`, `<!-- prettier-ignore-start -->`, table.join("\n"), `<!-- prettier-ignore-end -->`].join(
      "\n\n",
    );
  });
  return `${[introduction, ...sections].join("\n\n")}\n`;
}

/** Whether it is covered, and what is not. */
export function stateOf({ pending }: LeakPath, scenarios: readonly Scenario[]): string {
  const isSimulated = scenarios.length > 0 && scenarios.every((scenario) => scenario.isSimulated);
  const covered = isSimulated ? "covered on the simulated world" : "covered";
  if (pending === undefined) return covered;
  if (pending.part === undefined) return `pending: ${pending.why}`;
  return `${covered}; pending is ${pending.part}: ${pending.why}`;
}

function row(path: LeakPath, scenarios: readonly Scenario[]): string[] {
  const seen = path.seen === undefined ? "" : ` (${path.seen})`;
  return [path.id, `${path.elsewhere}${seen}`, path.here, scenarios.map(named).join("<br>"), stateOf(path, scenarios)];
}

function named({ id, title, isSimulated }: Scenario): string {
  const sentence = title
    .slice(id.length + 1)
    .replaceAll("%s", "…")
    .replaceAll("%d", "…");
  return `${sentence}${isSimulated ? " *(simulated world)*" : ""}`;
}
