import { ConfigError } from "../errors/index.js";
import type { ContainmentLevel, GuardianStatus, LedgerStatus, Logger, TransportKind } from "../ports/index.js";
import type { ConnectionReceipt, SessionReceipt } from "./receipts.js";

/** What a supervisor announces. Every `at` is in the clock's milliseconds. */
export interface SupervisorEvents {
  /** A session entered another state of its machine. */
  session: SessionEvent;
  /** A runtime is running, ending, or ended. */
  runtime: RuntimeEvent;
  /** A connection is opening, open, closing, leaked, or closed. */
  connection: ConnectionEvent;
  /** A lease is held longer than `leaseWarnMs`, or was returned or overtaken by its session's end after that. */
  lease: LeaseEvent;
  /** A session ended: proven, or leaked. */
  receipt: SessionReceipt;
  /** A session that was leaked is proved gone after all. */
  recovered: SessionReceipt;
  /** What was left of a session that was leaked was given up by an operator, some of it without a proof. */
  forgotten: SessionReceipt;
  /** A connection could not be proved gone. Told once, however often it is tried again. */
  leaked: ConnectionReceipt;
  /** Records can be written no more, or again. */
  ledger: LedgerStatus;
  /** The guardian was started, died, was told to go, or cannot be started. */
  guardian: GuardianStatus;
}

/** Whose event it is, and when it was. */
interface OfSession {
  readonly key: string;
  /** Id of the generation. */
  readonly session: string;
  readonly at: number;
}

export interface SessionEvent extends OfSession {
  readonly state: string;
  /** Id of the session whose end ends this one. */
  readonly parent?: string | undefined;
}

export interface RuntimeEvent extends OfSession {
  readonly runtime: string;
  readonly state: "running" | "ending" | "ended";
}

export interface ConnectionEvent extends OfSession {
  readonly runtime: string;
  readonly server: string;
  readonly connection: string;
  readonly state: "opening" | "open" | "closing" | "leaked" | "closed";
  readonly kind: TransportKind;
  readonly containment?: ContainmentLevel | undefined;
  /** Of the tree's leader, from when it is known. */
  readonly pid?: number | undefined;
  /** With `closed` only. */
  readonly receipt?: ConnectionReceipt | undefined;
}

export interface LeaseEvent extends OfSession {
  readonly lease: string;
  readonly state: "overdue" | "returned";
  readonly heldMs: number;
  /** Stack of whoever acquired it, where leases are traced. */
  readonly acquiredBy?: string | undefined;
}

const eventNames: Readonly<Record<keyof SupervisorEvents, true>> = {
  session: true,
  runtime: true,
  connection: true,
  lease: true,
  receipt: true,
  recovered: true,
  forgotten: true,
  leaked: true,
  ledger: true,
  guardian: true,
};

/** Tells listeners; one that throws is logged and harms nobody. */
export class EventHub {
  readonly #listeners = new Map<keyof SupervisorEvents, Set<(data: never) => void>>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  on<Name extends keyof SupervisorEvents>(event: Name, listener: (data: SupervisorEvents[Name]) => void) {
    if (!Object.hasOwn(eventNames, event))
      throw new ConfigError("event", `must be one of ${Object.keys(eventNames).join(", ")}`);
    if (typeof listener !== "function") throw new ConfigError("listener", "must be a function");
    const listeners = this.#listeners.get(event) ?? new Set();
    // Wrapped, so that the same function may listen twice.
    const own = (data: SupervisorEvents[Name]) => listener(data);
    this.#listeners.set(event, listeners.add(own));
    const dispose = () => {
      listeners.delete(own);
    };
    return { dispose, [Symbol.dispose]: dispose };
  }

  /** Whether what the event would say is worth finding out. */
  hasListener(event: keyof SupervisorEvents): boolean {
    return (this.#listeners.get(event)?.size ?? 0) > 0;
  }

  emit<Name extends keyof SupervisorEvents>(event: Name, data: SupervisorEvents[Name]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      const report = (error: unknown) => this.#logger.error({ event, err: error }, "a listener threw");
      try {
        const result = (listener as (data: SupervisorEvents[Name]) => unknown)(data);
        if (result instanceof Promise) result.catch(report);
      } catch (error) {
        report(error);
      }
    }
  }
}
