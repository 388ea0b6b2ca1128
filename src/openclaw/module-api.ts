import { createCore } from "./core.js";
import type { RuntimeRequest, SessionMcpRuntime } from "./interface.js";
import { LifecycleManager } from "./manager.js";
import type { ManagerOptions } from "./manager-options.js";
import type { CoreOptions } from "./core.js";
import { standingManager, takeSlot } from "./manager-slot.js";

/** Options of a manager that is made in code: those of its sessions and of its supervisor. */
export type SessionMcpRuntimeManagerOptions = Omit<ManagerOptions, "core"> & CoreOptions;

/** Makes a manager. Nothing is started before a session asks; `takeSlot` puts it where OpenClaw looks for one. */
export function createSessionMcpRuntimeManager(options: SessionMcpRuntimeManagerOptions = {}): LifecycleManager {
  return new LifecycleManager({ ...options, core: () => createCore(options) });
}

/** The session's runtime, by the manager that stands in OpenClaw's slot; one with the defaults is made if there is none. */
export async function getOrCreateSessionMcpRuntime(request: RuntimeRequest): Promise<SessionMcpRuntime> {
  return await (standingManager() ?? takeSlot(createSessionMcpRuntimeManager())).getOrCreate(request);
}

/** Ends all of a session; settles when that is proved, or given up. Nothing happens where there is no manager. */
export async function disposeSessionMcpRuntime(sessionId: string): Promise<void> {
  await standingManager()?.disposeSession(sessionId);
}

/** Ends all sessions. Nothing happens where there is no manager. */
export async function disposeAllSessionMcpRuntimes(): Promise<void> {
  await standingManager()?.disposeAll();
}
