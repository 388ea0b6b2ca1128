import { Command } from "commander";
import type { DiagramsOptions } from "./diagrams/write-diagrams.js";

/** `mcp-lifecycle diagrams`. */
export function diagramsCommand(): Command {
  return new Command("diagrams")
    .description("Draws the machines: pictures (SVG), Mermaid text and tables, generated from their definitions.")
    .option("--out <dir>", "where to write them; made if it is not there", "diagrams")
    .option(
      "--machine <file.js#export>",
      "a machine of yours instead of the library's own; may be given again",
      collected,
      [],
    )
    .addHelpText("after", exitCodes)
    .exitOverride()
    .action(async (options: DiagramsOptions) => {
      // Help and version need none of it.
      const { writeDiagrams } = await import("./diagrams/write-diagrams.js");
      // A file of somebody else's may keep timers and connections, for which nobody here has a use.
      await writeDiagrams(options).finally(() => setImmediate(() => process.exit()));
    });
}

const exitCodes = `
Pictures need elkjs, an optional dependency: npm install --save-dev elkjs
Without #export, the default export of the file is meant.
Exit code: 0, or 2 for a file, an export or a folder that cannot be used; nothing is written then.`;

function collected(value: string, earlier: readonly string[]): string[] {
  return [...earlier, value];
}
