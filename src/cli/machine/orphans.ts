import { isAdopter } from "./adopters.js";
import { processView } from "./process-view.js";
import { isCookie, type Sight } from "./tree-view.js";
import type { ProcessView } from "./views.js";

/** As the ecosystem names its packages and programs. */
const likeServer = /modelcontextprotocol|\bmcp[-_]server|server[-_]mcp\b|[-_/]mcp(?:\.[cm]?js|\.py)?(?:\s|$)|@mcp\//i;

/**
 * Processes that look like MCP servers and belong to nobody: no parent but init, and no cookie. A guess by the command line, which may name
 * anything: it is for people to judge, and nothing acts on it.
 */
export function orphansLikeServers({ census, table, self }: Sight, gateways: ReadonlySet<number>): ProcessView[] {
  const orphans = [...census.processes.values()].filter(({ pid, ppid, state, cookies }) => {
    const parent = census.processes.get(ppid);
    if (pid <= 1 || pid === self || gateways.has(pid) || state !== "running" || cookies.some(isCookie)) return false;
    return parent === undefined || isAdopter(parent);
  });
  return orphans.filter((each) => likeServer.test(table.command(each))).map((each) => processView(each, table));
}
