import type { StdioServerConfig } from "../../../src/index.js";
import {
  hostileServer,
  type HostileServerName,
  type HostileServerOptions,
} from "../../../src/testing/hostile/index.js";

/** A hostile server as a configuration, which knows no description. */
export function hostileConfig(name: HostileServerName, options: HostileServerOptions): StdioServerConfig {
  const { command, args, env } = hostileServer(name, options);
  return { command, args, env };
}
