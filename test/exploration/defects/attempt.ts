import type { Edit } from "./defect.js";
import { isReal, layerOf } from "./layers.js";
import type { PatchedSources } from "./patched-sources.js";
import { withoutLeftovers } from "./real-leftovers.js";
import { settle } from "./settings.js";
import { runTests, type TestFailure, type TestSelection } from "./run-tests.js";

/** How the tests catch what the edits make of the library; undefined if they do not. Throws if none of them ran. */
export async function attempt(
  sources: PatchedSources,
  edits: readonly Edit[],
  selection: TestSelection,
): Promise<TestFailure | undefined> {
  settle(layerOf(selection));
  await using graph = await sources.graph(edits);
  const run = () => runTests(graph, selection);
  const { failure, passed } = await (isReal(selection) ? withoutLeftovers(run) : run());
  if (failure === undefined && passed === 0) throw new Error(`there is no such test: ${JSON.stringify(selection)}`);
  if (failure !== undefined && !graph.isEdited) throw new Error(`it fails without the defect: ${oneLine(failure)}`);
  return failure;
}

/** A failure in one line: what is wrong, and the shortest way there. */
export function oneLine({ title, message }: TestFailure): string {
  const example = message.split("\n").find((line) => line.startsWith("Counterexample: "));
  // What fast-check tells beyond its example is for who replays it.
  const sentence = example === undefined ? `${title}: ${message}` : `${message.split("\n")[0]}; ${example}`;
  const line = sentence.replaceAll(/\s+/g, " ");
  return line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
}

const longestLine = 400;
