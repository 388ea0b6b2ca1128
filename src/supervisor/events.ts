import { ConfigError } from "../errors/index.js";
import type { Logger } from "../ports/index.js";
import type { ConnectionReceipt, SessionReceipt } from "./receipts.js";

/** What a supervisor announces. */
export interface SupervisorEvents {
  /** A session entered another state of its machine. */
  session: { readonly key: string; readonly session: string; readonly state: string };
  /** A connection is opening, open, closing, leaked, or closed. */
  connection: {
    readonly key: string;
    readonly session: string;
    readonly server: string;
    readonly connection: string;
    readonly state: "opening" | "open" | "closing" | "leaked" | "closed";
  };
  /** A session ended: proven, or leaked. */
  receipt: SessionReceipt;
  /** A session that was leaked is proved gone after all. */
  recovered: SessionReceipt;
  /** What was left of a session that was leaked was given up by an operator, some of it without a proof. */
  forgotten: SessionReceipt;
  /** A connection could not be proved gone. Told once, however often it is tried again. */
  leaked: ConnectionReceipt;
}

const eventNames: Readonly<Record<keyof SupervisorEvents, true>> = {
  session: true,
  connection: true,
  receipt: true,
  recovered: true,
  forgotten: true,
  leaked: true,
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

  emit<Name extends keyof SupervisorEvents>(event: Name, data: SupervisorEvents[Name]): void {
    for (const listener of this.#listeners.get(event) ?? []) {
      const report = (error: unknown) => this.#logger.error({ event, error }, "a listener threw");
      try {
        const result = (listener as (data: SupervisorEvents[Name]) => unknown)(data);
        if (result instanceof Promise) result.catch(report);
      } catch (error) {
        report(error);
      }
    }
  }
}
