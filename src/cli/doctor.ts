import { Command, InvalidArgumentError } from "commander";
import { defaultLedgerDirectory } from "../recovery/ledger-folder.js";

interface CommandOptions {
  readonly directory: string;
  readonly pid?: number;
  readonly json?: boolean;
}

/** `mcp-lifecycle doctor`. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("Says what is wrong on this machine: what gateways left, what is missing, and what to do about each.")
    .option("--pid <n>", "only of this gateway", positive)
    .option("--directory <path>", "where the ledgers are", defaultLedgerDirectory())
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nIt changes nothing. Exit code: 0 if nothing is wrong, 1 if something is; 2 for bad options.",
    )
    .exitOverride()
    .action(async ({ directory, pid, json = false }: CommandOptions) => {
      const { diagnose, findingLines } = await import("./machine/diagnose.js");
      const { findings, looked } = await diagnose({ directory, pid });
      if (json) process.stdout.write(`${JSON.stringify({ findings, looked })}\n`);
      else process.stdout.write(findings.map(findingLines).join("") + looked.text);
      process.exitCode = findings.length === 0 ? 0 : 1;
    });
}

function positive(text: string): number {
  const pid = Number(text);
  if (!Number.isSafeInteger(pid) || pid < 1) throw new InvalidArgumentError("A pid.");
  return pid;
}
