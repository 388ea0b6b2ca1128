export { parseDuration } from "./durations.js";
export {
  afterCloseLimitMs,
  type ResolvedLifecycle,
  type ResolvedRestart,
  resolveLifecycle,
} from "./lifecycle-defaults.js";
export { parseServers, type ParseServersOptions } from "./parse-servers.js";
export type {
  AdoptedServerConfig,
  AfterCloseOptions,
  HeldServers,
  HttpServerConfig,
  InMemoryServer,
  InMemoryServerConfig,
  LifecycleOptions,
  PerContext,
  RestartOptions,
  ServerConfig,
  ServerMap,
  StdioServerConfig,
  TreeLifecycleOptions,
} from "./server-config.js";
export { Redactor } from "./redactor.js";
export { safeServerName } from "./server-names.js";
export type { Environment } from "./expand-variables.js";
export type { Finding, ServersReading } from "./read-servers.js";
export { findingText, loadServersFile, readServersFile, type ServersFileOptions } from "./servers-file.js";
export { parseLimits, parseSessionOptions, parseSupervisorOptions, type SessionDurations } from "./session-options.js";
