import type { TreeRef } from "./process-host.js";

/** Custody's shadow on disk for the case that the gateway dies: one record a tree, written before the spawn, removed after the proof. */
export interface Ledger {
  /** A tree is about to be started. */
  intend(entry: LedgerEntry): Promise<void>;
  /** It was started. */
  started(connectionId: string, tree: TreeRef): Promise<void>;
  /** It is proved gone. */
  remove(connectionId: string): Promise<void>;
}

export interface LedgerEntry {
  readonly connectionId: string;
  readonly server: string;
  readonly cookie: string;
}

/** Keeps nothing; what outlives the gateway is then held by nobody. */
export const noLedger: Ledger = {
  intend: () => Promise.resolve(),
  started: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};
