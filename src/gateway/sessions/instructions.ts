import { safeServerName } from "../../config/index.js";
import type { GatewayContext } from "../context.js";

/** What a model is told of the gateway: whose the names are. */
export function instructionsFor({ servers, prefixes }: GatewayContext): string {
  const names = Object.keys(servers()).map((name) => safeServerName(name));
  if (names.length === 0) return "No server is configured.";
  const rule =
    prefixes === undefined
      ? ""
      : " Names of tools and prompts begin with the name of their server and two underscores.";
  return `Servers behind this gateway: ${names.join(", ")}.${rule}`;
}
