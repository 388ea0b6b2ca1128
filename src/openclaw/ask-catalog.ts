import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { isLifecycleError, type LifecycleError } from "../errors/index.js";
import type { ToolDescription } from "../ports/index.js";
import type { Lease } from "../supervisor/face.js";
import { type Answers, type ServerCapabilities } from "./catalog.js";
import type { ReadServer } from "./read-servers.js";

/** Opens the servers that are not open and asks what they offer; one that fails is a failure, no rejection. */
export async function askServers(lease: Lease, servers: readonly ReadServer[]): Promise<Answers> {
  const catalog = await lease.catalog();
  const failures = new Map<string, LifecycleError>(Object.entries(catalog.failures));
  const opened = servers.filter(({ safeName }) => !failures.has(safeName));
  const toolsOf = (name: string): readonly ToolDescription[] => catalog.tools.filter(({ server }) => server === name);
  const capabilities = await Promise.all(
    opened.map(async ({ safeName }) => [safeName, await capabilitiesOf(lease, safeName)] as const),
  );
  return {
    tools: new Map(opened.map(({ safeName }) => [safeName, toolsOf(safeName)])),
    failures,
    capabilities: new Map(capabilities),
  };
}

async function capabilitiesOf(lease: Lease, server: string): Promise<ServerCapabilities> {
  try {
    const said = ((await lease.client(server)) as unknown as Client).getServerCapabilities() ?? {};
    const names = (["tools", "resources", "prompts"] as const).filter((name) => said[name] !== undefined);
    return Object.fromEntries(names.map((name) => [name, { listChanged: said[name]?.listChanged === true }]));
  } catch (error) {
    // Lost since it was listed: its tools are known all the same.
    if (isLifecycleError(error)) return {};
    throw error;
  }
}
