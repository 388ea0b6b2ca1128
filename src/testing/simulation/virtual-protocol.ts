import {
  CallAbortedError,
  type ConnectionLostError,
  isLifecycleError,
  type LifecycleError,
  OpenAbortedError,
  OpenFailedError,
  type OpenStage,
} from "../../errors/index.js";
import type { McpClient, ToolDescription } from "../../ports/mcp-client.js";
import type { OpenedTransport } from "../../ports/transport-factory.js";
import { onAbort, openAborted, openFailed, placeOf } from "./open-error.js";
import { type Delay, toolsOf } from "./server-behaviour.js";
import { createVirtualClient } from "./virtual-client.js";
import { startRequest, type VirtualRequest } from "./virtual-request.js";
import type { VirtualTransportOptions } from "./world-parts.js";

export interface VirtualProtocolOptions extends VirtualTransportOptions {
  /** Initialize was sent; gives how long its answer takes. Default: as the behaviour says. */
  readonly onInitialize?: (() => Delay) | undefined;
  /** The opening has succeeded, this moment. */
  readonly onOpened?: (() => void) | undefined;
  /** Opens what one call needs (a POST stream) and gives back what closes it. */
  readonly onCall?: (() => () => void) | undefined;
  /** Throws what a call is answered with instead, when it is due. */
  readonly beforeAnswer?: (() => void) | undefined;
}

/** The protocol's side of a virtual transport, the same for every kind: stages of the opening, requests in flight, the loss. */
export class VirtualProtocol {
  readonly client: McpClient;
  readonly #options: VirtualProtocolOptions;
  readonly #inFlight = new Set<VirtualRequest<unknown>>();
  #stage: OpenStage = "spawn";
  #opening: Promise<OpenedTransport> | undefined;
  #isOpen = false;
  #isLeaving = false;
  #isShut = false;
  #end: LifecycleError | undefined;

  constructor(options: VirtualProtocolOptions) {
    this.#options = options;
    this.client = createVirtualClient({ ...options, protocol: this });
  }

  /** Input was ended: nothing is requested any more and nobody is told of a loss. */
  get isShut(): boolean {
    return this.#isShut;
  }

  /** Why nothing is answered any more. */
  get end(): LifecycleError | undefined {
    return this.#end;
  }

  /** Brings the transport up, then initializes and lists; the same promise each time. */
  open(signal: AbortSignal, first: OpenStage, bringUp: () => Promise<void>): Promise<OpenedTransport> {
    const { record } = this.#options.world;
    const { request } = this.#options;
    record.note("open", request);
    if (this.#opening !== undefined) record.violate("contract", `connection ${request.connectionId} was opened twice`);
    this.#opening ??= this.#run(signal, first, bringUp).then(
      (opened) => {
        record.note("opened", request);
        return opened;
      },
      (thrown: unknown) => {
        const error = openFailed(this.#stage, thrown, request.context);
        record.note("open-failed", request, error.code);
        throw error;
      },
    );
    return this.#opening;
  }

  /** One stage of the opening; rejects when it fails, is aborted, or the connection ends meanwhile. */
  async stage(stage: OpenStage, afterMs: Delay, signal: AbortSignal): Promise<void> {
    this.#stage = stage;
    const { context } = this.#options.request;
    const { failAt, abortMs = 0, ignoresAbort = false } = this.#options.behaviour().open ?? {};
    const sent = this.send(stage, afterMs, () => {
      if (failAt === stage) throw new OpenFailedError(stage, `the virtual server fails to ${stage}`, placeOf(context));
    });
    const stop = ignoresAbort
      ? undefined
      : onAbort(signal, () => this.#failLater(sent, abortMs, openAborted(signal, context)));
    try {
      await sent.answered;
    } finally {
      stop?.();
    }
  }

  async listTools(signal: AbortSignal): Promise<readonly ToolDescription[]> {
    const sent = this.send("list", this.#options.behaviour().open?.listMs ?? 0, () =>
      toolsOf(this.#options.behaviour()),
    );
    const stop = onAbort(signal, () => sent.fail(listAborted(signal)));
    try {
      return await sent.answered;
    } finally {
      stop();
    }
  }

  /** A request that is answered after so long, or fails with the end of the connection. */
  send<T>(what: string, afterMs: Delay, answer: () => T): VirtualRequest<T> {
    const { clock, schedule } = this.#options.world;
    const label = `${this.#options.request.connectionId} ${what}`;
    const onSettled = () => this.#inFlight.delete(sent);
    const sent: VirtualRequest<T> = startRequest({ clock, schedule, label, afterMs, answer, onSettled });
    this.#inFlight.add(sent);
    if (this.#end !== undefined) sent.fail(this.#end);
    return sent;
  }

  /** The other side is gone. What is in flight fails; if it was open, its owner is told, unless the input was ended by then. */
  lose(error: ConnectionLostError): void {
    if (this.#end !== undefined) return;
    const { request, world } = this.#options;
    if (this.#isOpen) {
      world.record.note("lost", request, error.message);
      this.notify("lost", () => {
        if (!this.#isShut && !this.#isLeaving) request.onLost(error);
      });
    }
    this.#finish(this.#isOpen ? error : openFailed(this.#stage, error, request.context));
  }

  /** The goodbye began: what is lost from now on is no loss. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** Our side ends it. */
  shut(error: CallAbortedError): void {
    this.#isShut = true;
    if (this.#end !== undefined) return;
    this.#finish(this.#isOpen ? error : new OpenAbortedError(error.message, placeOf(this.#options.request.context)));
  }

  /** Tells the owner something, when the schedule says so. */
  notify(what: string, tell: () => void): void {
    const { request, world } = this.#options;
    void world.schedule(`${request.connectionId} ${what}`, tell);
  }

  async #run(signal: AbortSignal, first: OpenStage, bringUp: () => Promise<void>): Promise<OpenedTransport> {
    const { behaviour, onInitialize, onOpened, request } = this.#options;
    this.#stage = first;
    if (this.#end !== undefined) throw this.#end;
    if (signal.aborted) throw openAborted(signal, request.context);
    await bringUp();
    const { initializeMs = 0, ignoresAbort = false } = behaviour().open ?? {};
    if (signal.aborted && !ignoresAbort) throw openAborted(signal, request.context);
    await this.stage("initialize", onInitialize?.() ?? initializeMs, signal);
    await this.stage("list", behaviour().open?.listMs ?? 0, signal);
    if (this.#end !== undefined) throw this.#end;
    this.#isOpen = true;
    onOpened?.();
    return { client: this.client, tools: toolsOf(behaviour()) };
  }

  #finish(error: LifecycleError): void {
    this.#end = error;
    for (const sent of this.#inFlight) sent.fail(error);
  }

  #failLater(sent: VirtualRequest<void>, afterMs: Delay, error: LifecycleError): void {
    if (afterMs === "never") return;
    if (afterMs === 0) sent.fail(error);
    else this.#options.world.clock.schedule(() => sent.fail(error), afterMs);
  }
}

function listAborted({ reason }: AbortSignal): LifecycleError {
  return isLifecycleError(reason) ? reason : new CallAbortedError("tools/list was given up");
}
