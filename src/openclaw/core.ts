import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { TreeLifecycleOptions } from "../config/index.js";
import type { Logger, McpClient } from "../ports/index.js";
import { createSupervisor, type SupervisorOptions } from "../supervisor/create-supervisor.js";
import type { Supervisor } from "../supervisor/face.js";
import type { RuntimeRequest } from "./interface.js";
import { type Dialect, readServers, type ServersRead } from "./read-servers.js";

/** Everything that costs something to load; a client process of OpenClaw that starts no server never does. */
export interface ManagerCore {
  readonly supervisor: Supervisor;
  read(request: RuntimeRequest, dialect: Dialect): ServersRead;
}

/** What the core of a manager is made of. */
export interface CoreOptions {
  /** Graces of every server; times to connect and to answer are OpenClaw's own. */
  readonly lifecycle?: Omit<TreeLifecycleOptions, "connectTimeoutMs" | "callTimeoutMs"> | undefined;
  /** Sessions that have servers running, or ending, at once. Default 256, as OpenClaw's. */
  readonly maxLiveSessions?: number | undefined;
  /** What ends servers of a gateway that is killed; see `createSupervisor`. Default on, with a guardian. */
  readonly ledger?: SupervisorOptions["ledger"];
  /** How process trees are held; see `createSupervisor`. Default `auto`. */
  readonly containment?: SupervisorOptions["containment"];
  readonly logger?: Logger | undefined;
}

/** As OpenClaw has it. */
export const defaultMaxLiveSessions = 256;

/** A supervisor for OpenClaw's sessions, whose servers meet the client that they know. */
export function createCore(options: CoreOptions = {}): ManagerCore {
  const { lifecycle = {}, maxLiveSessions = defaultMaxLiveSessions, ledger, containment, logger } = options;
  const supervisor = createSupervisor({
    limits: { liveSessions: maxLiveSessions },
    // Servers may go by the client's name; they are told OpenClaw's.
    createClient: (): McpClient => new Client({ name: "openclaw-bundle-mcp", version: "0.0.0" }, {}),
    ledger,
    containment,
    logger,
  });
  if (logger !== undefined) logEnds(supervisor, logger);
  return {
    supervisor,
    read: (request, dialect) => readServers(request, { dialect, lifecycle }),
  };
}

/** A line for the end of each session that had servers, so that whoever runs the gateway sees that they go. */
function logEnds(supervisor: Supervisor, logger: Logger): void {
  supervisor.on("receipt", ({ key, reason, cause, outcome, connections }) => {
    if (connections.length === 0) return;
    const servers = connections.map(({ server, means }) => `${server} by ${means}`).join(", ");
    const level = outcome === "closed" ? "info" : "warn";
    logger[level]({ session: key, servers }, `MCP servers ended: ${reason}, ${cause}; ${outcome}`);
  });
}
