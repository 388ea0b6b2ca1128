import type { LifecycleError } from "../errors/index.js";
import type { CallGate, CallTicket } from "../ports/index.js";
import { waitUnlessAborted } from "./wait-unless-aborted.js";

/** The calls in flight of one connection. It counts; whether calls may start, end or be cut is decided by the machines. */
export class CallRegister implements CallGate {
  readonly #inFlight = new Set<(error: LifecycleError) => void>();
  readonly #quiet = new Set<() => void>();
  readonly #onChange: (inFlight: number) => void;
  #refusal: (() => LifecycleError) | undefined;
  #aborted = 0;
  #isAborting = false;

  constructor(onChange: (inFlight: number) => void) {
    this.#onChange = onChange;
  }

  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** How many calls were given up by `abort`. */
  get aborted(): number {
    return this.#aborted;
  }

  start(cancel: (error: LifecycleError) => void): CallTicket {
    if (this.#refusal) throw this.#refusal();
    const call = (error: LifecycleError) => cancel(error);
    this.#inFlight.add(call);
    this.#onChange(this.#inFlight.size);
    return { finish: () => this.#finish(call) };
  }

  /** From here on `start` throws; the first refusal stays. */
  refuse(why: () => LifecycleError): void {
    this.#refusal ??= why;
  }

  /** Gives up every call in flight with that error. */
  abort(error: () => LifecycleError): void {
    if (this.#inFlight.size === 0) return;
    this.#isAborting = true;
    for (const call of this.#inFlight) {
      this.#aborted += 1;
      call(error());
      this.#finish(call);
    }
    this.#isAborting = false;
    // A machine asks for this in an action, and within one XState takes the actions of another machine for misplaced.
    queueMicrotask(() => this.#tellChange());
  }

  /** Resolves when no call is in flight, at once if none is. Rejects if the signal is aborted first. */
  quiet(signal: AbortSignal): Promise<void> {
    if (this.#inFlight.size === 0) return Promise.resolve();
    return waitUnlessAborted(signal, ({ resolve }) => {
      const done = () => resolve();
      this.#quiet.add(done);
      return () => this.#quiet.delete(done);
    });
  }

  #finish(call: (error: LifecycleError) => void): void {
    if (this.#inFlight.delete(call) && !this.#isAborting) this.#tellChange();
  }

  #tellChange(): void {
    this.#onChange(this.#inFlight.size);
    if (this.#inFlight.size > 0) return;
    for (const waiter of this.#quiet) waiter();
  }
}
