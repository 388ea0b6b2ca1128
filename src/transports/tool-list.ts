import { ServerOutputError } from "../errors/index.js";
import { type McpClient, noTimeoutMs, type ToolDescription } from "../ports/index.js";
import type { CallGateTransport } from "./call-gate-transport.js";

const maxPages = 1_000;

/** Reads all pages. Rejects with `ServerOutputError` if they never end. */
export async function listAllTools(
  client: McpClient,
  gate: CallGateTransport,
  signal: AbortSignal,
): Promise<readonly ToolDescription[]> {
  const tools: ToolDescription[] = [];
  if (client.getServerCapabilities()?.tools === undefined) return tools;
  const options = { signal, timeout: noTimeoutMs };
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const params = cursor === undefined ? {} : { cursor };
    const result = await gate.uncounted(() => client.listTools(params, options));
    tools.push(...result.tools);
    cursor = result.nextCursor;
    if (cursor === undefined) return tools;
  }
  throw new ServerOutputError(`tools/list has more than ${maxPages} pages`);
}
