import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { isRecord } from "../config/record.js";
import type { Lease, Session } from "../supervisor/face.js";
import { askServers } from "./ask-catalog.js";
import { toCatalog } from "./catalog.js";
import type { McpToolCatalog } from "./catalog-interface.js";
import type { RuntimeRequest, SessionMcpRuntime } from "./interface.js";
import type { ReadServer, ServersRead } from "./read-servers.js";
import { RunClaims } from "./run-claims.js";
import { serverRequests } from "./server-requests.js";
import { disposedError, notConnectedError, told } from "./told-errors.js";

/** One generation of a session: what OpenClaw's runs use, and what its manager needs to know. */
export interface ManagedRuntime extends SessionMcpRuntime {
  readonly session: Session;
  readonly claims: RunClaims;
  /** Whether a run may be given it: its end has not begun. */
  readonly isUsable: boolean;
  readonly hasServers: boolean;
  /** The session's servers from now on; those that did not change keep their process. */
  reconfigure(read: ServersRead): void;
}

export interface RuntimeParts {
  readonly request: RuntimeRequest;
  readonly session: Session;
  readonly read: ServersRead;
  /** Milliseconds since the epoch, as OpenClaw counts. */
  readonly now: () => number;
}

export function createSessionRuntime({ request, session, read: firstRead, now }: RuntimeParts): ManagedRuntime {
  const { sessionId, sessionKey, workspaceDir, agentDir } = request;
  const claims = new RunClaims(session);
  const createdAt = now();
  let read = firstRead;
  let lastUsedAt = createdAt;
  let catalog: McpToolCatalog | null = null;
  let isDisposed = false;
  const isUsable = () => !isDisposed && session.state.startsWith("active");
  const markUsed = () => {
    lastUsedAt = now();
  };

  const serverOf = (serverName: string): ReadServer => {
    if (!isUsable()) throw disposedError(sessionId);
    const server = read.servers.find(({ name }) => name === serverName);
    if (server === undefined) throw notConnectedError(serverName);
    return server;
  };

  /** By the lease of the runs, if they have one: a session that retires grants no other. */
  const use = async <T>(serverName: string, work: (lease: Lease) => Promise<T>): Promise<T> => {
    markUsed();
    try {
      const held = claims.lease;
      return await (held === undefined ? session.run(work) : work(await held));
    } catch (error) {
      throw told(error, { sessionId, serverName });
    } finally {
      markUsed();
    }
  };

  return {
    sessionId,
    sessionKey,
    workspaceDir,
    agentDir,
    createdAt,
    mcpAppsEnabled: false,
    session,
    claims,
    get configFingerprint() {
      return read.fingerprint;
    },
    get lastUsedAt() {
      return lastUsedAt;
    },
    get activeLeases() {
      return claims.count;
    },
    get isUsable() {
      return isUsable();
    },
    get hasServers() {
      return read.servers.length > 0;
    },
    reconfigure: (next) => {
      read = next;
      catalog = null;
      session.reload(configsOf(next));
    },
    markUsed,
    getCatalog: async () => {
      if (!isUsable()) throw disposedError(sessionId);
      const { servers } = read;
      const names = servers.map(({ name }) => name).join(", ");
      const answers = servers.length === 0 ? noAnswers : await use(names, (lease) => askServers(lease, servers));
      catalog = toCatalog(servers, answers, now());
      return catalog;
    },
    peekCatalog: () => catalog,
    callTool: async (serverName, toolName, input) => {
      const { safeName } = serverOf(serverName);
      const args = isRecord(input) ? { ...input } : {};
      return await use(serverName, (lease) => lease.callTool(safeName, toolName, args));
    },
    ...serverRequests(async (serverName, work) => {
      const { safeName, requestTimeoutMs } = serverOf(serverName);
      return await use(serverName, async (lease) => {
        const client = (await lease.client(safeName)) as unknown as Client;
        return await work(client, { timeout: requestTimeoutMs });
      });
    }),
    getServerRequestTimeoutMs: (serverName) => read.servers.find(({ name }) => name === serverName)?.requestTimeoutMs,
    isRequesterScopedServer: () => false,
    acquireLease: () => claims.claim().release,
    dispose: async () => {
      isDisposed = true;
      await session.end({ reason: "ended", cause: "disposed" });
    },
    joinCleanup: async () => {
      if (isUsable()) return;
      const { outcome, id } = await session.ended;
      if (outcome !== "closed") throw disposedError(sessionId, new Error(`not proved gone, see receipt ${id}`));
    },
  };
}

const noAnswers = { tools: new Map(), failures: new Map(), capabilities: new Map() };

/** As the supervisor takes them: by their safe names, of which no two are the same. */
export function configsOf({ servers }: ServersRead) {
  return Object.fromEntries(servers.map(({ safeName, config }) => [safeName, config]));
}
