import type { Transport, TransportSendOptions } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { JSONRPCMessage, MessageExtraInfo, RequestId } from "@modelcontextprotocol/sdk/types.js";
import { type LifecycleError, OpenAbortedError } from "../errors/index.js";
import type { CallGate, CallTicket, Logger } from "../ports/index.js";
import { contain } from "./contain.js";
import { errorAnswer, isCancelled, isRequest, isToolsChanged, answeredId, cancelledNotification } from "./json-rpc.js";

export interface CallGateOptions {
  readonly calls: CallGate;
  readonly logger: Logger;
  readonly onToolsChanged: () => void;
  /** A request was given up: whatever is still open for it is to be closed (LP-43). */
  readonly onGivenUp: (id: RequestId) => void;
  /** The host closed the client that it was given. */
  readonly onClientClosed: () => void;
  /** An error that is none. */
  readonly isNoise: (error: Error) => boolean;
}

interface Pending {
  readonly id: RequestId;
  readonly method: string;
  readonly ticket: CallTicket | undefined;
}

/**
 * What the SDK's client takes for its transport. It lets a call through only with a ticket, knows what is in flight, and has nothing to
 * close: the client closes on its own account (`void this.close()` after a failed initialize), but only the machine decides that.
 */
export class CallGateTransport implements Transport {
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: JSONRPCMessage, extra?: MessageExtraInfo) => void) | undefined;

  readonly #options: CallGateOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #sending = new Set<(error: LifecycleError) => void>();
  #wire: Transport | undefined;
  #counting = false;
  #initializeSent = false;
  #shutBy: LifecycleError | undefined;
  #closed = false;

  constructor(options: CallGateOptions) {
    this.#options = options;
  }

  get sessionId(): string | undefined {
    return this.#wire?.sessionId;
  }

  /** Puts the transport underneath; before the client is connected. */
  attach(wire: Transport): void {
    this.#wire = wire;
    // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a transport is no EventTarget
    wire.onmessage = (message: JSONRPCMessage, extra?: MessageExtraInfo) => this.#receive(message, extra);
    // oxlint-disable-next-line unicorn/prefer-add-event-listener
    wire.onerror = (error) => this.report(error);
  }

  /** From now on every request is a call. */
  startCounting(): void {
    this.#counting = true;
  }

  /** Requests that `make` sends while it runs are the library's own and no calls. */
  uncounted<T>(make: () => T): T {
    const counting = this.#counting;
    this.#counting = false;
    try {
      return make();
    } finally {
      this.#counting = counting;
    }
  }

  isPending(id: RequestId): boolean {
    return this.#pending.has(String(id));
  }

  /** Whether the opening came as far as to send its initialize. */
  get initializeSent(): boolean {
    return this.#initializeSent;
  }

  /** Answers a request in the server's place. */
  fail(id: RequestId, error: LifecycleError): void {
    if (this.#settle(id)) this.#deliver(errorAnswer(id, error));
  }

  /** Answers every request with `error`, refuses new ones, and tells the client that it is closed. Idempotent. */
  shut(error: LifecycleError): void {
    this.#shutBy ??= error;
    for (const { id } of this.#pending.values()) this.fail(id, error);
    for (const reject of this.#sending) reject(error);
    this.#tellClosed();
  }

  /** Tells the host's `onerror`, until the connection is closed: what goes wrong then is the closing. */
  report(error: Error): void {
    if (this.#closed || this.#options.isNoise(error)) return;
    contain(this.#options.logger, "client.onerror", () => this.onerror?.(error));
  }

  start(): Promise<void> {
    return this.#guarded((wire) => wire.start());
  }

  async send(message: JSONRPCMessage, options?: TransportSendOptions): Promise<void> {
    if (isRequest(message)) return this.#request(message, options);
    if (isCancelled(message)) return this.#cancelled(message, options);
    return this.#guarded((wire) => wire.send(message, options));
  }

  close(): Promise<void> {
    this.#options.onClientClosed();
    this.shut(new OpenAbortedError("the client was closed"));
    return Promise.resolve();
  }

  setProtocolVersion(version: string): void {
    this.#wire?.setProtocolVersion?.(version);
  }

  async #request(
    message: JSONRPCMessage & { id: RequestId; method: string },
    options?: TransportSendOptions,
  ): Promise<void> {
    const { id, method } = message;
    if (this.#shutBy) throw this.#shutBy;
    if (method === "initialize") this.#initializeSent = true;
    const ticket = this.#counting ? this.#options.calls.start((error) => this.#giveUp(id, error)) : undefined;
    this.#pending.set(String(id), { id, method, ticket });
    try {
      await this.#guarded((wire) => wire.send(message, options));
    } catch (thrown) {
      this.#settle(id);
      throw thrown;
    }
  }

  /** Only for what is in flight: the SDK (v1) cancels finished requests too, and an initialize must not be (2025-11-25, cancellation). */
  async #cancelled(
    message: JSONRPCMessage & { params: { requestId: RequestId } },
    options?: TransportSendOptions,
  ): Promise<void> {
    const { requestId } = message.params;
    const pending = this.#settle(requestId);
    if (!pending || pending.method === "initialize") return;
    const sent = this.#guarded((wire) => wire.send(message, options));
    this.#options.onGivenUp(requestId);
    return sent;
  }

  #giveUp(id: RequestId, error: LifecycleError): void {
    if (!this.isPending(id)) return;
    const told = this.#guarded((wire) => wire.send(cancelledNotification(id, error.message)));
    told.catch((thrown: unknown) => this.#options.logger.debug({ err: thrown }, "a cancellation was not sent"));
    this.fail(id, error);
    this.#options.onGivenUp(id);
  }

  #receive(message: JSONRPCMessage, extra?: MessageExtraInfo): void {
    const answered = answeredId(message);
    // An answer nobody waits for any more: its request was cancelled, or never made.
    if (answered !== undefined && !this.#settle(answered)) return;
    if (isToolsChanged(message)) contain(this.#options.logger, "onToolsChanged", this.#options.onToolsChanged);
    this.#deliver(message, extra);
  }

  #deliver(message: JSONRPCMessage, extra?: MessageExtraInfo): void {
    contain(this.#options.logger, "client.onmessage", () => this.onmessage?.(message, extra));
  }

  #settle(id: RequestId): Pending | undefined {
    const pending = this.#pending.get(String(id));
    this.#pending.delete(String(id));
    if (pending?.ticket) contain(this.#options.logger, "ticket.finish", () => pending.ticket?.finish());
    return pending;
  }

  /** Runs on the wire; rejected by `shut` whether the wire answers or not (a stopped server never drains its stdin). */
  #guarded(work: (wire: Transport) => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const wire = this.#wire;
      if (this.#shutBy) throw this.#shutBy;
      if (!wire) throw new OpenAbortedError("the transport is not there yet");
      this.#sending.add(reject);
      const settled = work(wire).then(resolve, reject);
      void settled.finally(() => this.#sending.delete(reject));
    });
  }

  #tellClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    contain(this.#options.logger, "client.onclose", () => this.onclose?.());
  }
}
