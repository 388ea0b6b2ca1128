import type { Logger } from "../ports/index.js";
import { LifecycleManager } from "./manager.js";
import { standingManager, takeSlot } from "./manager-slot.js";
import type { PluginApi, PluginLogger } from "./plugin-api.js";
import { parsePluginConfig, pluginId } from "./plugin-config.js";
import { registerHooks } from "./plugin-hooks.js";
import { unsupportedServers } from "./unsupported-servers.js";

const defaultShutdownMs = 10_000;

/** What OpenClaw loads. Registering starts nothing: it happens in client processes too. */
const plugin = {
  id: pluginId,
  name: "MCP lifecycle",
  description: "Ends each session's MCP servers with it, whole process trees, and proves it.",
  register(api: PluginApi): void {
    const { shutdownMs = defaultShutdownMs, ...config } = parsePluginConfig(api.pluginConfig);
    const unsupported = unsupportedServers(api.config);
    if (unsupported.length > 0) {
      api.logger.warn(`OpenClaw keeps its own manager of MCP servers: ${unsupported.join("; ")}`);
      return;
    }
    const logger = toLogger(api.logger);
    takeSlot(
      new LifecycleManager({
        ...config,
        logger,
        // Loaded with the first session that has servers: a client process never does.
        core: async () => (await import("./core.js")).createCore({ ...config, logger }),
      }),
    );
    registerHooks(api, { manager: standingManager, shutdownMs });
  },
};

export default plugin;

function toLogger(logger: PluginLogger): Logger {
  const write = (level: "debug" | "info" | "warn" | "error") => (fields: object, message: string) =>
    logger[level]?.(`${message}${describe(fields)}`);
  return { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };
}

/** OpenClaw's log lines are text. */
function describe(fields: object): string {
  const parts = Object.entries(fields).map(
    ([name, value]) => `${name}=${value instanceof Error ? value.message : String(value)}`,
  );
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}
