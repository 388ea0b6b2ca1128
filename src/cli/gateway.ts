import { Command, InvalidArgumentError, Option } from "commander";
import type { GatewayCommandOptions } from "./gateway/start-gateway.js";

/** `mcp-lifecycle gateway`. */
export function gatewayCommand(): Command {
  return new Command("gateway")
    .description("Serves the tools, resources and prompts of your MCP servers as one, with a session for each client.")
    .option("--config <mcp.json>", "your servers; without it the reference servers, where they are installed")
    .option("--host <address>", "address to listen on; any but this machine's own needs a token", "127.0.0.1")
    .option("--port <n>", "port to listen on; 0 takes a free one", number, 3_333)
    .option("--token <token>", "bearer token that every request has to bring; default MCP_LIFECYCLE_TOKEN")
    .option("--no-prefix", "names of tools and prompts as the servers have them; they must not collide")
    .option("--stdio", "serve one client on standard input and output, and end with it")
    .option("--allowed-host <name...>", "further names that the gateway may be addressed by")
    .option("--allowed-origin <origin...>", "web pages that may use it, as in https://inspector.example")
    .option(
      "--client-lost <ms>",
      "end a session whose client had nothing open for so long; 0 never does",
      number,
      300_000,
    )
    .option("--idle-timeout <ms>", "end a session in which no call ended for so long; 0 never does", number, 0)
    .option("--max-lifetime <ms>", "end a session so long after it was opened; 0 never does", number, 0)
    .option("--drain <ms>", "how long an end waits for calls in flight", number, 5_000)
    .option("--shutdown-deadline <ms>", "Ctrl-C: everything is closed or leaked by then", number, 10_000)
    .option("--max-sessions <n>", "sessions at once", number, 256)
    .option("--max-sessions-per-client <n>", "sessions of one address at once", number, 128)
    .option("--max-requests <n>", "requests at once", number, 512)
    .option("--max-body <bytes>", "largest body of a request", number, 4_194_304)
    .option("--lease-warn <ms>", "log a request that takes longer, with who serves it; 0 never does", number, 300_000)
    .option("--metrics", "serve metrics for Prometheus at /metrics; needs the packages of OpenTelemetry that it names")
    .addOption(
      new Option("--log-level <level>", "least of what is logged, on standard error").choices(levels).default("info"),
    )
    .addOption(new Option("--log-format <format>", "default: text on a terminal, else json").choices(["text", "json"]))
    .option("--containment <level>", "how process trees are held: auto, cgroup, namespace or group", "auto")
    .option("--no-ledger", "keep no record of processes on disk for the case that the gateway is killed")
    .addHelpText("after", exitCodes)
    .exitOverride()
    .action(async (options: GatewayCommandOptions) => {
      // Help and version need none of it.
      const { startGateway } = await import("./gateway/start-gateway.js");
      process.exitCode = await startGateway(options);
    });
}

const levels = ["debug", "info", "warn", "error"];

const exitCodes = `
The file of --config is read again when it changes and on SIGHUP; exactly the servers that changed are replaced.
Ctrl-C once ends every session, prints the report and exits; twice kills every server at once.
Exit code: 130 after Ctrl-C, 143 after SIGTERM, 129 when the terminal closed, 0 when the client of --stdio went, each if nothing is left; 1 if
something is; 2 for bad options or configuration.`;

function number(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new InvalidArgumentError("Not a number.");
  return value;
}
