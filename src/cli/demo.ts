import { Command, InvalidArgumentError } from "commander";
import type { DemoOptions } from "./demo/start-demo.js";

/** `mcp-lifecycle demo`. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("Opens sessions on real servers, ends them in all four ways, and shows that nothing of them is left.")
    .option("--servers <mcp.json>", "your own servers instead of the demo's; their tools are listed, none is called")
    .option("--sessions <n>", "how many sessions; they are ended, reset, timed out and failed in turn", sessionCount, 4)
    .option("--json", "one JSON object per line")
    .addHelpText("after", exitCodes)
    .exitOverride()
    .action(async (options: DemoOptions) => {
      // Help and version need none of it.
      const { startDemo } = await import("./demo/start-demo.js");
      process.exitCode = await startDemo(options);
    });
}

const exitCodes = `
Exit code: 0 if nothing is left, 1 if something is, by the process table as well as by the receipts; 2 for bad options or
configuration, servers that cannot be opened among them; 130 after Ctrl-C if nothing is left.`;

function sessionCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1 || count > 100) throw new InvalidArgumentError("From 1 to 100.");
  return count;
}
