import { loadServersFile } from "../../config/index.js";
import { ConfigError, messageOf } from "../../errors/index.js";
import { builtinServers } from "./builtin-servers.js";
import type { DemoServers } from "./demo-server.js";
import { type HttpServer, startHttpServer } from "./http-server.js";
import { everythingPackage, missing, npmServers } from "./npm-servers.js";
import { findReferenceServer } from "./reference-servers.js";

/** The servers of a run, and the one that the demo has to end itself. */
export interface Cast extends DemoServers {
  readonly http?: HttpServer | undefined;
}

/** The servers of somebody's own file. Rejects with `ConfigError`. */
export async function ownCast(path: string): Promise<Cast> {
  const onWarning = (warning: string) => process.stderr.write(`mcp-lifecycle: warning: ${warning}\n`);
  const servers = Object.entries(await loadServersFile(path, { onWarning })).map(([name, config]) => ({
    name,
    config,
  }));
  if (servers.length === 0) throw new ConfigError("mcpServers", `names no server (in ${path})`);
  return { servers, skipped: [] };
}

/** What is there of the demo's own servers; what is missing is said and not fatal. */
export async function demoCast(options: { mark: string; signal: AbortSignal }): Promise<Cast> {
  const npm = npmServers();
  const http = await startHttp(options);
  const server = "close" in http ? [http.server] : [];
  const skipped = "why" in http ? [http] : [];
  return {
    servers: [...npm.servers, ...server, ...builtinServers()],
    skipped: [...npm.skipped, ...skipped],
    http: "close" in http ? http : undefined,
  };
}

async function startHttp(options: { mark: string; signal: AbortSignal }) {
  const name = "everything-http";
  const everything = findReferenceServer(everythingPackage);
  if (everything === undefined) return missing(name, everythingPackage);
  try {
    return await startHttpServer(everything, options);
  } catch (error) {
    return { name, why: `did not start: ${messageOf(error)}` };
  }
}
