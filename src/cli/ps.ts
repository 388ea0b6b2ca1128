import { Command } from "commander";
import { defaultLedgerDirectory } from "../recovery/ledger-folder.js";

/** `mcp-lifecycle ps`. */
export function psCommand(): Command {
  return new Command("ps")
    .description("Shows the gateways of this user, their sessions, and the process trees of their servers.")
    .option("--directory <path>", "where the ledgers are", defaultLedgerDirectory())
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nFrom ledgers and from cookies: a gateway without a ledger is whoever started marked processes. It changes nothing.",
    )
    .exitOverride()
    .action(async ({ directory, json = false }: { directory: string; json?: boolean }) => {
      const [{ lookAround }, { psTable }] = await Promise.all([
        import("./machine/look-around.js"),
        import("./machine/ps-table.js"),
      ]);
      const seen = await lookAround({ directory });
      const isEmpty = seen.gateways.length + seen.strays.length === 0;
      const text = isEmpty ? "no gateways" : psTable(seen, { colors: process.stdout.isTTY });
      process.stdout.write(`${json ? JSON.stringify(seen) : text}\n`);
    });
}
