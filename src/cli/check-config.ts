import { Command } from "commander";
import type { ServersReading } from "../config/index.js";
import { badInput } from "./exit-codes.js";

/** `mcp-lifecycle check-config`. */
export function checkConfigCommand(): Command {
  return new Command("check-config")
    .description("Says everything that is wrong with a file of servers, and starts none of them.")
    .argument("[file]", "the file", "mcp.json")
    .addHelpText("after", "\nExit code: 0 if the file can be used, with or without warnings; 2 if not.")
    .exitOverride()
    .action(async (file: string) => {
      const { findingText, readServersFile } = await import("../config/index.js");
      const reading = await readServersFile(file);
      for (const warning of reading.warnings) process.stderr.write(`${findingText(file, warning)} (warning)\n`);
      for (const problem of reading.problems) process.stderr.write(`${findingText(file, problem)}\n`);
      if (reading.problems.length > 0) process.exitCode = badInput;
      else process.stdout.write(`${file}: ${summary(reading)}\n`);
    });
}

function summary({ servers, disabled, warnings }: ServersReading): string {
  const names = Object.keys(servers);
  return [
    names.length === 0 ? "no server" : `${counted(names.length, "server")}: ${names.join(", ")}`,
    ...(disabled.length === 0 ? [] : [`disabled: ${disabled.join(", ")}`]),
    ...(warnings.length === 0 ? [] : [counted(warnings.length, "warning")]),
  ].join("; ");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
