import type { LifecycleManager } from "./manager.js";
import { endForReason } from "./end-reasons.js";
import { leaveSlot } from "./manager-slot.js";
import { isOneShot } from "./one-shot.js";
import type { PluginApi } from "./plugin-api.js";
import { pluginsWithServers } from "./plugins-with-servers.js";

/** Tells the manager that stands then what OpenClaw's hooks tell of sessions, runs and the gateway. */
export function registerHooks(
  api: PluginApi,
  { manager, shutdownMs }: { manager: () => LifecycleManager | undefined; shutdownMs: number },
): void {
  /** Session keys of subagents that were spawned to stay. */
  const kept = new Set<string>();

  api.on("gateway_start", () => {
    markGateway();
    const others = pluginsWithServers();
    if (others.length > 0) stepAside(api, others);
    manager()?.reopen();
  });

  api.on("gateway_stop", async ({ reason = "" }) => {
    const cause = /restart/i.test(reason) ? "restart" : "shutdown";
    const report = await manager()?.shutdown({ deadlineMs: shutdownMs, cause });
    if (report === undefined) return;
    const { closed, forced, leaked } = report;
    api.logger.info(`MCP servers at the gateway's stop: ${closed} closed (${forced} by SIGKILL), ${leaked} leaked`);
  });

  api.on("session_end", async ({ sessionId, sessionKey, reason, nextSessionId }) => {
    if (sessionKey !== undefined) kept.delete(sessionKey);
    // The id goes on: OpenClaw has ended the former runtime itself before it told, and who has the id now is the next one's.
    if (nextSessionId === sessionId) return;
    const end = endForReason(reason);
    // The run that was compacted goes on under the next id, with the tools that it has.
    if (reason === "compaction") manager()?.retireSession(sessionId, end);
    else await manager()?.endSession(sessionId, end);
  });

  api.on("agent_end", ({ success = true }, { sessionId, sessionKey, trigger }) => {
    if (sessionId === undefined) return;
    // A client that runs the agent itself exits when nothing is open any more: there, each run is its session's last.
    const isOver = !isGateway() || isOneShot({ sessionKey, trigger }, { isKept: (key) => kept.has(key) });
    manager()?.runEnded({ sessionId, isOneShot: isOver, failed: !success });
  });

  api.on("subagent_spawned", ({ childSessionKey, mode }) => {
    if (mode === "session") kept.add(childSessionKey);
  });

  api.on("subagent_ended", async ({ targetSessionKey, outcome = "ok" }) => {
    const sessionId = manager()?.resolveSessionId(targetSessionKey);
    if (sessionId === undefined || kept.has(targetSessionKey)) return;
    const end = endForReason(outcome);
    await manager()?.endSession(sessionId, outcome === "reset" ? end : { reason: "ended", cause: "run-end" });
  });
}

/** Across copies of this module: OpenClaw may load a plugin anew in a gateway that has started. */
const gatewayMark = Symbol.for("mcp-lifecycle.openclawGateway");

function markGateway(): void {
  (globalThis as unknown as Record<symbol, unknown>)[gatewayMark] = true;
}

function isGateway(): boolean {
  return gatewayMark in globalThis;
}

/** To lose a tool is worse than to keep a process. */
function stepAside(api: PluginApi, others: readonly string[]): void {
  const why = `MCP servers of other plugins (${others.join(", ")}) can be opened by OpenClaw only`;
  if (leaveSlot()) api.logger.warn(`OpenClaw keeps its own manager of MCP servers: ${why}`);
  else api.logger.warn(`${why}, and are not: sessions have this manager already. Restart the gateway`);
}
