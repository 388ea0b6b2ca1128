import type { ServerConfig, ServerMap, StdioServerConfig } from "../../config/index.js";
import type { DemoServer } from "./demo-server.js";
import { markName, type OwnershipMarks } from "./ownership-mark.js";

/** The servers of a session as the supervisor takes them; each that is a process carries the demo's mark. */
export function markedServers(session: string, servers: readonly DemoServer[], marks: OwnershipMarks): ServerMap {
  return Object.fromEntries(
    servers.map(({ name, config }) => [
      name,
      isStdio(config) ? marked(config, marks.markOf({ session, server: name })) : config,
    ]),
  );
}

function marked(config: StdioServerConfig, mark: string): StdioServerConfig {
  const { env } = config;
  if (typeof env !== "function") return { ...config, env: { ...env, [markName]: mark } };
  return { ...config, env: async (context) => ({ ...(await env(context)), [markName]: mark }) };
}

function isStdio(config: ServerConfig): config is StdioServerConfig {
  return "command" in config;
}
