import type { ServerMap } from "../../config/index.js";
import { ConfigError } from "../../errors/index.js";
import { findReferenceServer } from "../demo/reference-servers.js";

const packages = {
  everything: { name: "@modelcontextprotocol/server-everything", args: () => ["stdio"] },
  filesystem: { name: "@modelcontextprotocol/server-filesystem", args: () => [process.cwd()] },
};

/** The reference servers that are installed; the one for files knows of the working directory only. Throws `ConfigError` if none is. */
export function embeddedServers(): ServerMap {
  const found = Object.entries(packages).flatMap(([server, { name, args }]) => {
    const reference = findReferenceServer(name);
    if (reference === undefined) return [];
    return [[server, { command: process.execPath, args: [reference.program, ...args()] }] as const];
  });
  if (found.length > 0) return Object.fromEntries(found);
  const names = Object.values(packages).map(({ name }) => name);
  const text = `is missing, and no reference server is installed: give your servers, or npm install ${names.join(" ")}`;
  throw new ConfigError("--config", text);
}
