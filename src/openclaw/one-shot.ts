/** What is known of a run when it ends. */
export interface EndedRun {
  readonly sessionKey?: string | undefined;
  readonly trigger?: string | undefined;
}

/**
 * Whether a session is over with its run although OpenClaw ends it with no hook (LP-03). Its session keys say so: the run of an isolated
 * cron job has a key of its own, an isolated heartbeat too, and so have helpers such as the one that names a session at a reset. A
 * subagent is one unless it was spawned to stay (`subagent_spawned` says so).
 */
export function isOneShot(
  { sessionKey = "", trigger }: EndedRun,
  { isKept }: { isKept: (sessionKey: string) => boolean },
): boolean {
  if (sessionKey.startsWith("temp:")) return true;
  if (/:cron:.+:run:[^:]+$/.test(sessionKey)) return true;
  if (trigger === "heartbeat" && sessionKey.endsWith(":heartbeat")) return true;
  return sessionKey.includes(":subagent:") && !isKept(sessionKey);
}
