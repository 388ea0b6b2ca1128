import type { Catalogue, RuntimePort, RuntimeReport, ServerSpec } from "./runtime-types.js";
import type { Budget } from "./budget.js";
import type { EndCause, EndReason, EndRequest } from "./vocabulary.js";

/** What a session asks of its supervisor. Functions are actions and must not throw; promises are bounded by the states that wait. */
export interface SessionPort extends RuntimePort {
  /** Resolves when custody has no record of this session left, or leaked ones only. */
  disposed(signal: AbortSignal): Promise<Disposal>;
  /** The end began: nothing opens for this session any more, calls are refused, its child sessions end. */
  endBegan(request: EndRequest): void;
  /** Calls still in flight are given up. */
  abortSessionCalls(): void;
  /** A runtime actor is in error: custody ends everything of the session itself. Always a defect of ours. */
  takeOverSession(error: unknown): void;
}

/** What dispose came to: nothing is left, or leaked connections only. */
export type Disposal = "gone" | "leaked";

/** Limits of a session in milliseconds; 0 is off. */
export interface SessionTimings {
  readonly drainMs: number;
  readonly idleTimeoutMs: number;
  readonly maxLifetimeMs: number;
  /** How long a required retirement waits for its leases (LP-14). */
  readonly requiredRetireMs: number;
}

/** What a session machine is made with. */
export interface SessionInput {
  readonly id: string;
  readonly servers: Readonly<Record<string, ServerSpec>>;
  readonly timings: SessionTimings;
  /** Ends with its last lease. */
  readonly oneShot: boolean;
  readonly port: SessionPort;
}

/** An end at the last release, and what it will be. */
export interface Retirement {
  readonly required: boolean;
  readonly reason: EndReason;
  readonly cause: EndCause;
}

/** A runtime that is not yet proved gone. */
export interface RuntimeRecord {
  readonly id: string;
  /** Servers of which it leaked a tree. */
  readonly leakedServers: readonly string[];
  readonly leaked: boolean;
}

/** What a session machine remembers. */
export interface SessionContext extends SessionInput {
  /** Longest sum of graces, and longest `verifyMs`, of any server this session ever had; milliseconds. */
  readonly longestClosingMs: number;
  readonly longestVerifyMs: number;
  readonly leases: readonly string[];
  /** When the last call began or ended, or the runtime was asked for. */
  readonly lastUse: number;
  readonly callsInFlight: number;
  readonly lifetimeIsOver: boolean;
  /** The end that waits for the last release. */
  readonly retirement: EndRequest | undefined;
  /** The runtime that answers; absent while a former one is still closing. */
  readonly current: string | undefined;
  /** Current and former ones. */
  readonly runtimes: Readonly<Record<string, RuntimeRecord>>;
  readonly sequence: number;
  /** Servers asked for while no runtime could answer. */
  readonly wanted: readonly string[];
  readonly catalogue: Catalogue;
  readonly end: EndRequest | undefined;
  readonly budget: Budget | undefined;
  /** What dispose came to, once it has answered or its time is over. */
  readonly disposal: Disposal | undefined;
  /** Custody has said since the disposing began that nothing is left: no older answer of dispose counts against that. */
  readonly isGone: boolean;
}

/** Each event that may start a wait carries the time it was sent at: a machine reads no clock. */
export type SessionEvent =
  | { type: "ACQUIRE"; lease: string; at: number }
  | { type: "RELEASE"; lease: string; at: number; failed?: boolean | undefined }
  | { type: "OPEN"; servers: readonly string[]; at: number }
  | { type: "USED"; connection: string; inFlight: number; inFlightOfSession: number; at: number }
  | { type: "LOST"; connection: string; runtime: string; error: unknown }
  | { type: "TOOLS"; connection: string; tools: readonly unknown[] }
  | { type: "SLEEP" }
  | { type: "RELOAD"; servers: Readonly<Record<string, ServerSpec>> }
  | ({ type: "RETIRE" } & Retirement)
  | ({ type: "END"; at: number } & EndRequest)
  | { type: "UNLEAKED"; server: string; runtime: string }
  | { type: "RETRY"; connection: string; runtime: string }
  | { type: "FORGET"; connection: string; runtime: string }
  /** Custody has no record of this session left. */
  | { type: "GONE" }
  | { type: "IDLE" }
  | { type: "LIFETIME" }
  | { type: "KILL_BY" }
  | { type: "DEADLINE" }
  | RuntimeReport;

/** What a closed session leaves. */
export interface SessionOutput {
  readonly id: string;
  readonly end: EndRequest | undefined;
}
