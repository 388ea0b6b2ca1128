import { LifecycleError } from "../errors/index.js";
import type { LifecycleManager } from "./manager.js";

/** Where OpenClaw looks for its manager of session MCP runtimes; it makes one of its own only where nothing stands. */
const slot = Symbol.for("openclaw.sessionMcpRuntimeManager");
/** Across copies of this module: OpenClaw loads a plugin more than once in a process. */
const brand = Symbol.for("mcp-lifecycle.openclawManager");

type Slots = Record<symbol, unknown>;

/** This library's manager that stands in the slot, whichever copy of the module made it. */
export function standingManager(): LifecycleManager | undefined {
  const standing = (globalThis as unknown as Slots)[slot];
  return isOurs(standing) ? standing : undefined;
}

/**
 * Puts a manager where OpenClaw looks for one, and gives the one that stands there then: one of ours that is in use stays. Throws where one
 * of OpenClaw's own is in use: its servers would be nobody's.
 */
export function takeSlot(manager: LifecycleManager): LifecycleManager {
  const slots = globalThis as unknown as Slots;
  const standing = slots[slot];
  if (isOurs(standing) && standing.isInUse) return standing;
  const held = isOurs(standing) ? [] : sessionsOf(standing);
  if (held.length > 0) throw new SlotTakenError(held.length);
  slots[slot] = Object.assign(manager, { [brand]: true });
  if (isOurs(standing) && standing !== manager) replaced(standing);
  return manager;
}

/** Leaves the place to a manager of OpenClaw's own, unless sessions have servers of this one already. Returns whether it was left. */
export function leaveSlot(): boolean {
  const standing = standingManager();
  if (standing === undefined || standing.isInUse) return false;
  delete (globalThis as unknown as Slots)[slot];
  replaced(standing);
  return true;
}

/** Another manager owns servers already; this one must not take its place. */
export class SlotTakenError extends LifecycleError {
  constructor(sessions: number) {
    super(
      "MANAGER_IN_USE",
      `another manager of MCP runtimes is in use, with ${sessions} sessions; this one is not put in its place. Load the plugin before the first session: enable it and restart the gateway`,
    );
  }
}

/** Nobody asks it for anything any more, but a guardian of its own would stay; what still ends has its graces. */
function replaced(manager: LifecycleManager): void {
  void manager.shutdown({ deadlineMs: 60_000, cause: "superseded" });
}

function isOurs(standing: unknown): standing is LifecycleManager {
  return typeof standing === "object" && standing !== null && brand in standing;
}

function sessionsOf(standing: unknown): readonly unknown[] {
  if (typeof standing !== "object" || standing === null || !("listSessionIds" in standing)) return [];
  const list: unknown = (standing as { listSessionIds: () => unknown }).listSessionIds();
  return Array.isArray(list) ? list : [];
}
