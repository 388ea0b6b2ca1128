import type { ActorOptions, AnyActorLogic } from "xstate";
import type { Clock, Logger } from "../ports/index.js";
import type { Custody, CustodyRecord } from "./custody.js";
import type { EventHub, SupervisorEvents } from "./events.js";
import type { SessionHandle } from "./session-handle.js";

/** What became of a connection. */
export type Announcement = Pick<SupervisorEvents["connection"], "state" | "receipt">;

/** What a session handle needs of the supervisor it belongs to. */
export interface SessionHost {
  readonly clock: Clock;
  /** The same, as XState wants it. */
  readonly machineClock: NonNullable<ActorOptions<AnyActorLogic>["clock"]>;
  readonly logger: Logger;
  readonly custody: Custody;
  readonly events: EventHub;
  readonly traceLeases: boolean;
  /** Milliseconds after which a lease that is held is announced; 0: never. */
  readonly leaseWarnMs: number;
  /** Throws the typed error that says why the session may not go live now. */
  admit(session: SessionHandle): void;
  /** Throws `AdmissionError` where a limit of trees is reached. */
  admitTree(session: SessionHandle, server: string): void;
  /** The next generation of the same key, with the same options. */
  successor(session: SessionHandle): SessionHandle;
  endChildren(session: SessionHandle): void;
  announce(session: SessionHandle, record: CustodyRecord, announcement: Announcement): void;
  /** A connection is leaked and has to be tried again later. */
  retryLater(session: SessionHandle, record: CustodyRecord): void;
  closed(session: SessionHandle): void;
}
