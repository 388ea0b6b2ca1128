import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { ReapFinding } from "../recovery/index.js";
import { defaultLedgerDirectory } from "../recovery/ledger-folder.js";
import { somethingLeft } from "./exit-codes.js";

interface CommandOptions {
  readonly directory: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `mcp-lifecycle reap`. */
export function reapCommand(): Command {
  return new Command("reap")
    .description(
      "Ends what gateways left that were killed, by their ledgers. Without --yes it only shows what it would do.",
    )
    .option("--directory <path>", "where the ledgers are", defaultLedgerDirectory())
    .addOption(new Option("--dry-run", "only show what it would do; the default").conflicts("yes"))
    .option("--yes", "do it")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExit code: 0 if nothing is left to do, 1 if something is; 2 for bad options.")
    .exitOverride()
    .action(async ({ directory, yes = false, json = false }: CommandOptions) => {
      const [{ systemClock }, { platformProcessTable }, { reap }] = await Promise.all([
        import("../ports/index.js"),
        import("../processes/index.js"),
        import("../recovery/index.js"),
      ]);
      const findings = await reap({
        directory: resolve(directory),
        clock: systemClock,
        table: platformProcessTable(process.platform),
        kill: process.kill.bind(process),
        dryRun: !yes,
      });
      const text = findings.length === 0 ? "no records of gateways\n" : findings.map(textOf).join("");
      process.stdout.write(json ? `${JSON.stringify({ findings })}\n` : text);
      const isLeft = findings.some(({ verdict }) => verdict === "to-end" || verdict === "left" || verdict === "bad");
      process.exitCode = isLeft ? somethingLeft : 0;
    });
}

function textOf({ file, server, verdict, because, processes, url, afterClose }: ReapFinding): string {
  const what = url === undefined ? "server" : `HTTP session at ${url} of server`;
  const whose = server === undefined ? "" : ` ${what} ${JSON.stringify(server)}`;
  const lines = processes.map(({ pid, command }) => `    pid ${pid}: ${command}\n`);
  return `${verdict}${whose}: ${because} (${JSON.stringify(file)})\n${lines.join("")}${commandText(afterClose)}`;
}

function commandText(afterClose: ReapFinding["afterClose"]): string {
  if (afterClose === undefined) return "";
  if ("command" in afterClose) return `    then it runs: ${afterClose.command}\n`;
  return `    its command after the close: ${afterClose.problem ?? "it went well"}\n`;
}
