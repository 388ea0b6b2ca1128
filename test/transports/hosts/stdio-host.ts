import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as SdkTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StdioClientTransport } from "../../../src/transports/index.js";

/** `ours` or `sdk`, then the server as JSON. */
const [whose, server = "{}"] = process.argv.slice(1);
const parameters = JSON.parse(server) as { command: string; args: string[]; env: Record<string, string> };
const transport =
  whose === "sdk" ? new SdkTransport(parameters) : new StdioClientTransport({ ...parameters, inputEndedMs: 200 });
const client = new Client({ name: "host", version: "1" });
await client.connect(transport);
await client.close();
process.stdout.write("done\n");
