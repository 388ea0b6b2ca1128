import { createRequire } from "node:module";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { McpClient } from "../ports/index.js";

const { version } = createRequire(import.meta.url)("../../package.json") as { version: string };

/** An SDK client (v1) without capabilities: nobody of the host is there to answer the server's requests. */
export function createDefaultClient(): McpClient {
  return new Client({ name: "mcp-lifecycle", version });
}
