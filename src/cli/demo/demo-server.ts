import type { LifecycleOptions, ServerConfig } from "../../config/index.js";

/** A server that the demo runs. */
export interface DemoServer {
  readonly name: string;
  /** What it shows; absent for one's own. */
  readonly note?: string | undefined;
  readonly config: ServerConfig;
  /** A harmless tool to call; without one the tools are listed only. */
  readonly tool?: DemoTool | undefined;
}

export interface DemoTool {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What the demo would have run too, and what is missing for it. */
export interface SkippedServer {
  readonly name: string;
  readonly why: string;
}

/** Servers of the demo. */
export interface DemoServers {
  readonly servers: readonly DemoServer[];
  readonly skipped: readonly SkippedServer[];
}

/** What the reference servers run with: the graces are the defaults, which they do not use up. */
export const demoLifecycle: LifecycleOptions = { settleMs: 5_000, restart: false };

/** Short graces for servers that use them up on purpose. */
export const hostileLifecycle: LifecycleOptions = { ...demoLifecycle, inputEndedMs: 700, terminatingMs: 700 };
