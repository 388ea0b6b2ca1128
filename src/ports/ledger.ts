import type { TreeRef } from "./process-host.js";

/**
 * Custody's shadow on disk for the case that the gateway dies: one record a tree, written before the spawn, removed after the proof; and one for each
 * session that an HTTP server keeps for us.
 */
export interface Ledger {
  /** A tree is about to be started. */
  intend(entry: LedgerEntry): Promise<void>;
  /** It was started. */
  started(connectionId: string, tree: TreeRef): Promise<void>;
  /** It could not be proved gone, and is tried again. */
  leaked(connectionId: string): Promise<void>;
  /** An HTTP server keeps a session for us from now on. */
  kept(entry: RemoteLedgerEntry): Promise<void>;
  /** The tree is proved gone, the session deleted; or either was given up. */
  remove(connectionId: string): Promise<void>;
}

export interface LedgerEntry {
  readonly connectionId: string;
  readonly server: string;
  /** Key of the session that it belongs to. */
  readonly session?: string | undefined;
  readonly cookie: string;
  /** How it is to be held: `ProcessHost.placeOf`. */
  readonly place?: Pick<TreeRef, "containment" | "cgroup"> | undefined;
  /** What is to run once the tree is proved gone. */
  readonly afterClose?: RecordedCommand | undefined;
}

/** A command as a record has it. What stands in its environment may be secret, and is not recorded: only the names. */
export interface RecordedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  readonly timeoutMs?: number | undefined;
  /** Names of the variables that it was configured with. */
  readonly env?: readonly string[] | undefined;
}

export interface RemoteLedgerEntry {
  readonly connectionId: string;
  readonly server: string;
  /** Key of the session that it belongs to; not what MCP calls one. */
  readonly session?: string | undefined;
  readonly url: URL;
  /** As the server called it in `mcp-session-id`. */
  readonly sessionId: string;
}

/** Keeps nothing; what outlives the gateway is then held by nobody. */
export const noLedger: Ledger = {
  intend: () => Promise.resolve(),
  started: () => Promise.resolve(),
  leaked: () => Promise.resolve(),
  kept: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};
