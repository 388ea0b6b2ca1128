import { isRecord } from "../config/record.js";
import type { Fields } from "./raw-config.js";

/** Fields of a server that mean a connection which only OpenClaw itself can make: its sign-in, its certificates. */
const ownOnly = ["auth", "oauth", "authProfile", "authProfileId", "sslVerify", "clientCert", "clientKey"];

/**
 * The servers of a gateway's configuration that this manager cannot open, each with why. A gateway that has one keeps its own manager: to lose
 * a tool is worse than to keep a process.
 */
export function unsupportedServers(config: unknown): string[] {
  const mcp = isRecord(config) && isRecord(config["mcp"]) ? config["mcp"] : {};
  const servers = isRecord(mcp["servers"]) ? Object.entries(mcp["servers"]) : [];
  const ofServers = servers.flatMap(([name, server]) => {
    if (!isRecord(server) || server["enabled"] === false) return [];
    const why = whyUnsupported(server);
    return why === undefined ? [] : [`server "${name}" ${why}`];
  });
  const apps = isRecord(mcp["apps"]) && mcp["apps"]["enabled"] === true;
  return apps ? [...ofServers, "mcp.apps is enabled, whose views only OpenClaw can serve"] : ofServers;
}

/** Why this manager cannot open a server, if it cannot. */
export function whyUnsupported(server: Fields): string | undefined {
  const fields = ownOnly.filter((field) => server[field] !== undefined);
  return fields.length === 0 ? undefined : `has ${fields.join(", ")}, which only OpenClaw can use`;
}
