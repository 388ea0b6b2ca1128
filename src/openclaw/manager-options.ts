import type { Clock, Logger } from "../ports/index.js";
import type { SessionOptions } from "../supervisor/face.js";
import type { ManagerCore } from "./core.js";

/** How sessions of OpenClaw live. Durations in milliseconds. */
export interface ManagerOptions extends Pick<SessionOptions, "maxLifetimeMs" | "drainMs"> {
  /** Ends a session when no call ended for so long. Default: `mcp.sessionIdleTtlMs` of OpenClaw's configuration, or 0: off. */
  readonly idleTimeoutMs?: number | undefined;
  /** After so long without use a run whose end nobody told is over, and a required retirement waits no longer. Default 3 600 000. */
  readonly runLimitMs?: number | undefined;
  /** Loads what starts servers, when the first one is needed. */
  readonly core: () => ManagerCore | Promise<ManagerCore>;
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
  /** Milliseconds since the epoch. Default `Date.now`. */
  readonly now?: (() => number) | undefined;
}

export const defaultRunLimitMs = 3_600_000;
