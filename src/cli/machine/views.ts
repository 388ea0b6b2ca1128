import type { OwnerState } from "../../recovery/owner-state.js";

/** A gateway process, as far as it can be known from another one. */
export interface GatewayView {
  readonly pid: number;
  /**
   * `dead`: what it owns has no owner. `unknown`: it is kept from us. `elsewhere`: of another pid namespace, where its pid means somebody else.
   * `rebooted`: of another start of the machine.
   */
  readonly state: OwnerState | "elsewhere" | "rebooted";
  /** Of the process, while it lives. */
  readonly command?: string | undefined;
  readonly ageMs?: number | undefined;
  /** Whether it keeps a ledger: without one, its trees are known by their cookies alone. */
  readonly keepsLedger: boolean;
  /** Pid of the process that ends its trees when it dies. */
  readonly guardian?: number | undefined;
  readonly trees: readonly TreeView[];
  /** Sessions that HTTP servers keep for it. */
  readonly remotes: readonly RemoteView[];
}

/** One server's processes. */
export interface TreeView {
  /** Name of the variable that its processes carry. */
  readonly cookie: string;
  readonly server?: string | undefined;
  /** Key of the session. */
  readonly session?: string | undefined;
  readonly connection?: string | undefined;
  readonly containment?: string | undefined;
  readonly cgroup?: string | undefined;
  /**
   * `starting`: on record, and not started yet. `leaked`: it should be gone, and its gateway could not end it so far. `empty`: nobody of it is
   * left.
   */
  readonly state: "running" | "starting" | "leaked" | "empty";
  /** Of the oldest of its processes. */
  readonly ageMs?: number | undefined;
  /** Of all its processes, shared memory by shares (Linux). */
  readonly memoryBytes?: number | undefined;
  readonly processes: readonly ProcessView[];
  /** Have exited, and nobody collected them. */
  readonly unreaped: readonly ProcessView[];
  /** May be of it, and are not proved so. */
  readonly doubtful: readonly ProcessView[];
  /** The ledger's file. */
  readonly file?: string | undefined;
}

/** One process. */
export interface ProcessView {
  readonly pid: number;
  readonly ppid: number;
  readonly command: string;
  readonly ageMs?: number | undefined;
  readonly memoryBytes?: number | undefined;
}

/** A session that an HTTP server keeps. */
export interface RemoteView {
  readonly server: string;
  readonly session?: string | undefined;
  readonly url: string;
  readonly file: string;
}

/** What there is of this library's on the machine. */
export interface Survey {
  readonly gateways: readonly GatewayView[];
  /** Carry a cookie, and have neither a record nor a parent that lives. */
  readonly strays: readonly TreeView[];
  /** Cgroups of ours that no record tells of, with somebody in them who carries no cookie. */
  readonly strayCgroups: readonly { readonly path: string; readonly processes: readonly ProcessView[] }[];
  /** Look like MCP servers, and have no owner. A guess, by their command lines. */
  readonly orphans: readonly ProcessView[];
  /** Files of the ledger that are not believed. */
  readonly badFiles: readonly { readonly file: string; readonly problem: string }[];
  /** Guardians whose gateway is gone. */
  readonly lateGuardians: readonly ProcessView[];
}
