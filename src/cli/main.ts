#!/usr/bin/env node
import { Command, CommanderError } from "commander";
import { packageVersion } from "../config/package-version.js";
import { isLifecycleError, messageOf } from "../errors/index.js";
import { checkConfigCommand } from "./check-config.js";
import { demoCommand } from "./demo.js";
import { diagramsCommand } from "./diagrams.js";
import { doctorCommand } from "./doctor.js";
import { badInput } from "./exit-codes.js";
import { gatewayCommand } from "./gateway.js";
import { psCommand } from "./ps.js";
import { reapCommand } from "./reap.js";
import { terminalIsGone } from "./terminal.js";

const program = new Command("mcp-lifecycle")
  .description("Owns MCP servers on behalf of sessions, and proves that nothing of them is left.")
  .version(packageVersion)
  .exitOverride()
  .addCommand(gatewayCommand())
  .addCommand(demoCommand())
  .addCommand(checkConfigCommand())
  .addCommand(diagramsCommand())
  .addCommand(psCommand())
  .addCommand(doctorCommand())
  .addCommand(reapCommand());

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

// Node restores the terminal when it exits, and aborts where there is none any more. Nothing listens for the signal by now.
if (terminalIsGone()) process.kill(process.pid, "SIGHUP");

function exitCodeOf(error: unknown): number {
  // Commander has printed its own already; help and version come this way too, with code 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : badInput;
  process.stderr.write(`mcp-lifecycle: ${messageOf(error)}\n`);
  return isLifecycleError(error) && error.code === "CONFIG_INVALID" ? badInput : 1;
}
