import type { AnyActorRef, DoneActorEvent, ErrorActorEvent } from "xstate";
import type { Budget } from "./budget.js";
import type { ServerFailure } from "./vocabulary.js";

/** Graces of one connection, in milliseconds. */
export interface ConnectionGraces {
  readonly connectTimeoutMs: number;
  readonly settleMs: number;
  readonly releaseMs: number;
  readonly inputEndedMs: number;
  readonly terminatingMs: number;
  readonly verifyMs: number;
  /** For the command that runs once the tree is proved gone; absent where there is none. */
  readonly afterCloseMs?: number | undefined;
  /** For the calls of one connection that is replaced or idle; the session's end has drained before. */
  readonly drainMs: number;
}

/** What a look, or a wait for the empty tree, found. */
export interface Evidence {
  /** When it was found, in the clock's milliseconds. */
  readonly at: number;
  /** Nothing is left: the only thing that leads to `closed`. */
  readonly empty: boolean;
  /** Nothing local is left, but an HTTP session that could not be deleted may be. */
  readonly onlyRemoteLeft: boolean;
}

/** That a step is over, and when, in the clock's milliseconds. */
export type Finished = Pick<Evidence, "at">;

/** What an opening gave, as far as machines care. */
export interface OpenedSummary {
  readonly tools: readonly unknown[];
}

/**
 * What a connection asks of custody, by connection id. Promises may reject or hang (each state that waits is bounded); plain
 * functions are actions: they must not throw. Whoever implements it must honour: `open` and `settle` share one promise an id;
 * nothing resolves with `empty` that was not looked at; an aborted `signal` stops the waiting, never the thing waited for.
 */
export interface ConnectionPort {
  open(id: string, server: string): Promise<OpenedSummary>;
  /** Resolves when the opening has settled, whichever way. */
  settle(id: string, signal: AbortSignal): Promise<void>;
  /** Resolves when no call is in flight. */
  drained(id: string, signal: AbortSignal): Promise<void>;
  release(id: string, signal: AbortSignal): Promise<void>;
  /** Ends the input, then waits for the empty tree; resolves earlier if only a remote session is left. */
  endInput(id: string, signal: AbortSignal): Promise<Evidence>;
  terminate(id: string, signal: AbortSignal): Promise<Evidence>;
  kill(id: string, signal: AbortSignal): Promise<void>;
  look(id: string, signal: AbortSignal): Promise<Evidence>;
  /** Runs the host's command for the proved end; resolves when nothing of the command is left, however it went. */
  afterClose(id: string): Promise<Finished>;
  /** Kills what is left of that command; resolves when nothing is. */
  stopAfterClose(id: string): Promise<Finished>;
  /** New calls are refused from here on. */
  refuseCalls(id: string): void;
  /** Calls in flight are given up, each with a typed error. */
  abortCalls(id: string): void;
  /** An opening in flight is given up. */
  abortOpen(id: string, failure: ServerFailure | undefined): void;
  /** It could not be proved gone. */
  leaked(id: string): void;
  /** It is proved gone, given up remotely, or forgotten by an operator: the record goes. */
  closed(id: string, how: ClosedHow): void;
  /** The actor in charge is in error: custody ends the transport itself. Always a defect of ours. */
  takeOver(id: string, error: unknown): void;
}

/** Why the record of a connection went: proved gone, given up as a remote session that cannot be reached, or forgotten by an operator. */
export type ClosedHow = "proved" | "unconfirmed" | "forgotten";

/** Whoever spawned an actor and is told what becomes of it. */
export type ParentRef = AnyActorRef;

/** What a connection machine is made with. */
export interface ConnectionInput {
  readonly id: string;
  readonly server: string;
  readonly graces: ConnectionGraces;
  /** Whether its protocol has one: a session to delete. */
  readonly hasGoodbye: boolean;
  readonly port: ConnectionPort;
  /** Told of `CONNECTION.*`; absent where a connection runs alone. */
  readonly parent?: ParentRef | undefined;
}

/** What a connection machine remembers. */
export interface ConnectionContext extends ConnectionInput {
  readonly wasOpen: boolean;
  readonly failure: ServerFailure | undefined;
  readonly deadline: number | undefined;
  readonly budget: Budget | undefined;
  /** The time for graces was over before the closing began. */
  readonly late: boolean;
  /** In the closing under way. */
  readonly goodbyeSaid: boolean;
  /** Goodbyes after which only a remote session was left: five give it up. One that came before the session was born is none. */
  readonly failedReleases: number;
  readonly kills: number;
  readonly leakedOnce: boolean;
  readonly how: ClosedHow;
  readonly provedAt: number | undefined;
}

/** A deadline for the end that is under way or about to begin; absolute milliseconds, since a machine reads no clock itself. */
export interface Hurry {
  readonly type: "HURRY";
  /** Now. */
  readonly at: number;
  readonly deadline: number;
}

/** What a connection machine is told. */
export type ConnectionEvent =
  | { type: "CLOSE" }
  | Hurry
  | { type: "DRAIN" }
  | { type: "LOST"; attempt: string; error: unknown }
  | { type: "RETRY" }
  | { type: "FORGET" }
  | { type: "KILL_BY" }
  | { type: "DEADLINE" };

/** What a connection that is closed tells its runtime. */
export type ConnectionOutput = {
  readonly kind: "connection";
  readonly id: string;
  readonly server: string;
  readonly wasOpen: boolean;
  readonly failure: ServerFailure | undefined;
  readonly how: ClosedHow;
  /** When it was proved, or when the command that runs then was over; absent if it was forgotten. */
  readonly at: number | undefined;
};

/** A connection could not be proved gone; `at` is there if a look, and not the clock, said so. */
export interface ConnectionLeaked {
  readonly type: "CONNECTION.LEAKED";
  readonly id: string;
  readonly remoteOnly: boolean;
  readonly wasOpen: boolean;
  readonly failure: ServerFailure | undefined;
  readonly at: number | undefined;
}

/** What a connection tells its runtime. */
export type ConnectionReport =
  | { type: "CONNECTION.OPENED"; id: string; tools: readonly unknown[] }
  | { type: "CONNECTION.CLOSING"; id: string }
  | ConnectionLeaked
  | DoneActorEvent<ConnectionOutput>
  | ErrorActorEvent;
