import type { DoneActorEvent, ErrorActorEvent } from "xstate";
import type { ConnectionGraces, ConnectionPort, ConnectionReport, Hurry, ParentRef } from "./connection-types.js";
import type { ServerFailure } from "./vocabulary.js";

/** A server as machines know it: data, and a fingerprint that tells whether its configuration changed. */
export interface ServerSpec {
  readonly fingerprint: string;
  readonly graces: ConnectionGraces;
  /** Whether its protocol has a goodbye: a session to delete. */
  readonly hasGoodbye: boolean;
  readonly required: boolean;
  /** Milliseconds without a call after which its connection is closed; 0 is never. */
  readonly idleTimeoutMs: number;
  readonly restart: RestartPolicy | false;
}

/**
 * How a lost server is opened again: the delay doubles from the first to the longest, and `limit` failures within `withinMs` are too many; milliseconds.
 */
export interface RestartPolicy {
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  readonly limit: number;
  readonly withinMs: number;
}

/** One server within a runtime. */
export interface ServerRecord {
  readonly spec: ServerSpec;
  /** Somebody waits for it, or it is to be reopened. */
  readonly wanted: boolean;
  /** Lost, and reopened when the back-off is over. */
  readonly backoff: boolean;
  /** When it failed, for back-off and intensity. */
  readonly failures: readonly number[];
  /** Not opened again before this, in the clock's milliseconds. */
  readonly notBefore: number;
  readonly failure: ServerFailure | undefined;
  /** Kept over closings as long as the fingerprint is the same. */
  readonly tools: readonly unknown[] | undefined;
}

/** One connection within a runtime, by its own id. */
export interface ConnectionRecord {
  readonly id: string;
  /** Name of its actor. Short and used again by other runtimes: XState remembers every type of done event for ever (LP-55). */
  readonly actor: string;
  readonly server: string;
  readonly state: "opening" | "open" | "draining" | "closing" | "leaked";
  /** A remote leak holds neither its slot nor its server. */
  readonly remoteOnly: boolean;
  /** Of the configuration it was opened with; a replaced connection says nothing about its successor. */
  readonly fingerprint: string;
}

/** Tools by server, with the fingerprint they were listed under. */
export type Catalogue = Readonly<Record<string, { readonly fingerprint: string; readonly tools: readonly unknown[] }>>;

/** What a runtime machine is made with. */
export interface RuntimeInput {
  readonly id: string;
  readonly servers: Readonly<Record<string, ServerSpec>>;
  /** Servers of which a tree of an older runtime is leaked; they are failures until it is proved gone. */
  readonly leakedServers: readonly string[];
  /** Servers somebody waits for already. */
  readonly wanted: readonly string[];
  readonly catalogue: Catalogue;
  readonly port: RuntimePort;
  readonly parent?: ParentRef | undefined;
}

/** What a runtime needs of the outside is what its connections need. */
export type RuntimePort = ConnectionPort;

/** What a runtime machine remembers. */
export interface RuntimeContext {
  readonly id: string;
  readonly port: RuntimePort;
  readonly parent: ParentRef | undefined;
  readonly servers: Readonly<Record<string, ServerRecord>>;
  readonly connections: Readonly<Record<string, ConnectionRecord>>;
  readonly leakedServers: readonly string[];
  /** Makes the ids of connections; never goes back. */
  readonly sequence: number;
  readonly fenced: boolean;
}

/** What a runtime machine is told. */
export type RuntimeEvent =
  | { type: "OPEN"; servers: readonly string[]; at: number }
  | { type: "RELOAD"; servers: Readonly<Record<string, ServerSpec>> }
  | { type: "TOOLS"; connection: string; tools: readonly unknown[] }
  | { type: "USED"; connection: string; inFlight: number; at: number }
  | { type: "FENCE" }
  | { type: "CLOSE" }
  | Hurry
  | { type: "LOST"; connection: string; error: unknown }
  | { type: "RETRY"; connection: string }
  | { type: "FORGET"; connection: string }
  | { type: "UNLEAKED"; server: string }
  | { type: "RESTART"; server: string }
  | { type: "SERVER_IDLE"; connection: string }
  | ConnectionReport;

/** What a runtime that ended tells its session. */
export interface RuntimeOutput {
  readonly kind: "runtime";
  readonly id: string;
  readonly catalogue: Catalogue;
}

/** What a runtime tells its session. */
export type RuntimeReport =
  | { type: "RUNTIME.REQUIRED_FAILED"; server: string; failure: ServerFailure }
  | { type: "RUNTIME.LEAKED"; id: string; servers: readonly string[] }
  | DoneActorEvent<RuntimeOutput>
  | ErrorActorEvent;
