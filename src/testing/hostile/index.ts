import { fileURLToPath } from "node:url";
import { ConfigError } from "../../errors/index.js";
import { type HostileServer, hostileServers, type HostileServerName } from "./hostile-servers.js";

export { type HostileServer, hostileServers, type HostileServerName } from "./hostile-servers.js";

/** Path of the program that all hostile servers are; plain JavaScript for `node`. */
export const hostileServerPath = fileURLToPath(new URL("./server.js", import.meta.url));

/** How a hostile server is started. */
export interface HostileServerOptions {
  /** Its `env` makes every process of the tree hold the witness's pipe. */
  readonly witness?: { readonly env: Readonly<Record<string, string>> } | undefined;
  /** Flags added to those of the server; see `server.js`. */
  readonly flags?: readonly string[] | undefined;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** What to start: the shape of a stdio server's configuration. `env` holds only what the server itself needs. */
export interface HostileServerCommand {
  readonly command: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

/** How to start a hostile server by its name. It ends by itself 120 s after its start at the latest. Throws `ConfigError` for a name that there is none of. */
export function hostileServer(name: HostileServerName, options: HostileServerOptions = {}): HostileServerCommand {
  const known: Partial<Record<string, HostileServer>> = hostileServers;
  const server = known[name];
  if (server === undefined)
    throw new ConfigError("name", `there is no hostile server "${name}"; there are ${Object.keys(known).join(", ")}`);
  const run = process.env["MCP_LIFECYCLE_TEST_RUN"];
  const command = [
    ...(server.shell ?? []),
    process.execPath,
    hostileServerPath,
    ...server.flags,
    ...(options.flags ?? []),
  ];
  const [program = process.execPath, ...args] = command;
  const env = { ...options.witness?.env, ...(run !== undefined && { MCP_LIFECYCLE_TEST_RUN: run }), ...options.env };
  return { command: program, args, env };
}
