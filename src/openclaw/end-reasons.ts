import type { EndCause, EndReason } from "../machines/index.js";

/** How a session ends for a reason of OpenClaw's. */
export interface OpenClawEnd {
  readonly reason: EndReason;
  readonly cause: EndCause;
}

/** The reasons that the hook `session_end` gives (2026.9.6 added the last three). */
const ends: Readonly<Record<string, OpenClawEnd>> = {
  new: { reason: "ended", cause: "new" },
  reset: { reason: "reset", cause: "reset" },
  idle: { reason: "timedOut", cause: "idle" },
  daily: { reason: "ended", cause: "daily" },
  compaction: { reason: "ended", cause: "compaction" },
  deleted: { reason: "ended", cause: "deleted" },
  shutdown: { reason: "ended", cause: "shutdown" },
  restart: { reason: "ended", cause: "restart" },
};

/** One of the four terminal states, and its cause, for a reason of `session_end`; what is not known is `ended` for `unknown`. */
export function endForReason(reason: string | undefined): OpenClawEnd {
  const known = reason !== undefined && Object.hasOwn(ends, reason) ? ends[reason] : undefined;
  return known ?? { reason: "ended", cause: "unknown" };
}
