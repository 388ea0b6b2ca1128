export type { CoreOptions, ManagerCore } from "./core.js";
export { endForReason, type OpenClawEnd } from "./end-reasons.js";
export type {
  McpCatalogDiagnostic,
  McpCatalogServer,
  McpCatalogTool,
  McpToolCatalog,
  ToolFilter,
} from "./catalog-interface.js";
export type {
  OpenClawConfig,
  RuntimeRequest,
  SessionMcpRuntime,
  SessionMcpRuntimeLease,
  SessionMcpRuntimeManager,
} from "./interface.js";
export { LifecycleManager } from "./manager.js";
export type { ManagerOptions } from "./manager-options.js";
export { SlotTakenError, standingManager, takeSlot } from "./manager-slot.js";
export {
  createSessionMcpRuntimeManager,
  disposeAllSessionMcpRuntimes,
  disposeSessionMcpRuntime,
  getOrCreateSessionMcpRuntime,
  type SessionMcpRuntimeManagerOptions,
} from "./module-api.js";
export { default as plugin } from "./plugin.js";
export type { PluginApi, PluginHooks } from "./plugin-api.js";
export type { PluginConfig } from "./plugin-config.js";
