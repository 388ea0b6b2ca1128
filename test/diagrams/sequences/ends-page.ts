import type { Sequence } from "../../../src/diagrams/sequence.js";

/** The page of the recorded ends. */
export function endsPage(sequences: readonly Sequence[]): string {
  const sections = sequences.map(
    ({ name, title }) =>
      `## ${title}\n\n[![${title}: who said what to whom until the proof](${name}.svg)](${name}.svg)`,
  );
  return `# Ends, played to the proof

Ten of the [leak paths](../../leak-paths.md), each recorded from a run of this library in its simulated world: what the host said, the states the session and the connection entered, what was
said to the server, and what was left by the world's own word. Times are virtual. Signals that are sent again are drawn once.

${sections.join("\n\n")}
`;
}
