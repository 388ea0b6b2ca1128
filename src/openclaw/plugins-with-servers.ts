import { isRecord } from "../config/record.js";
import { textOf } from "./raw-config.js";

/** Where OpenClaw keeps the plugins that it has loaded; the same in 2026.4.9 and 2026.9.6. */
const registryState = Symbol.for("openclaw.pluginRegistryState");

/**
 * Ids of the loaded plugins that bring MCP servers of their own. OpenClaw reads those in its own manager, by code that no plugin can call, so
 * this one would not open them.
 */
export function pluginsWithServers(): string[] {
  const state = (globalThis as unknown as Record<symbol, unknown>)[registryState];
  const registry = isRecord(state) ? state["activeRegistry"] : undefined;
  const plugins: unknown = isRecord(registry) ? registry["plugins"] : undefined;
  if (!Array.isArray(plugins)) return [];
  return plugins.flatMap((plugin: unknown) =>
    isRecord(plugin) && plugin["enabled"] !== false && bringsServers(plugin)
      ? [textOf(plugin["id"]) ?? "a plugin"]
      : [],
  );
}

function bringsServers({ format, bundleCapabilities, mcpServers }: Readonly<Record<string, unknown>>): boolean {
  if (isRecord(mcpServers) && Object.keys(mcpServers).length > 0) return true;
  return format === "bundle" && Array.isArray(bundleCapabilities) && bundleCapabilities.includes("mcpServers");
}
