import { CallAbortedError, ConnectionLostError, OpenFailedError } from "../../errors/index.js";
import type { TimerHandle } from "../../ports/clock.js";
import type { ToolDescription } from "../../ports/mcp-client.js";
import type { OpenedTransport, TransportHandle, TransportLook } from "../../ports/transport-factory.js";
import { placeOf } from "./open-error.js";
import type { Delay } from "./server-behaviour.js";
import { TransportSockets } from "./transport-sockets.js";
import { VirtualProtocol } from "./virtual-protocol.js";
import { VirtualSessionLife } from "./virtual-session-life.js";
import type { VirtualTransportOptions } from "./world-parts.js";
import type { WorldEventType } from "./world-record.js";

export interface VirtualStreamTransportOptions extends VirtualTransportOptions {
  readonly kind: "streamable-http" | "sse" | "in-memory";
  readonly url: string;
}

/** A connection without a process: a virtual HTTP server with its sessions and sockets, or a server in this process. */
export class VirtualStreamTransport implements TransportHandle {
  readonly kind: "streamable-http" | "sse" | "in-memory";
  readonly containment = undefined;
  readonly pid = undefined;
  readonly tree = undefined;
  readonly #options: VirtualStreamTransportOptions;
  readonly #protocol: VirtualProtocol;
  readonly #session: VirtualSessionLife;
  readonly #sockets: TransportSockets;
  readonly #timers: TimerHandle[] = [];
  #inputEnded = false;
  #closed: Promise<void> = Promise.resolve();

  constructor(options: VirtualStreamTransportOptions) {
    this.#options = options;
    this.kind = options.kind;
    this.#session = new VirtualSessionLife(options, options.url);
    this.#sockets = new TransportSockets({
      ...options.world,
      request: options.request,
      onClosed: () => this.#protocol.notify("sockets closed", () => options.request.onStir()),
    });
    this.#protocol = new VirtualProtocol({
      ...options,
      onInitialize: () => this.#beginSession(),
      onOpened: () => this.#opened(),
      onCall: () => this.#sockets.open("call"),
      beforeAnswer: () => this.#refuseIfUnknown(),
    });
  }

  async open(signal: AbortSignal): Promise<OpenedTransport> {
    const closeSocket = this.#sockets.open("opening");
    try {
      return await this.#protocol.open(signal, "connect", () => this.#connect(signal));
    } catch (error) {
      // The headers of an initialize that was given up are still read, for the id of the session it may have made (LP-39).
      await this.#session.headersRead();
      throw error;
    } finally {
      closeSocket();
    }
  }

  listTools(signal: AbortSignal): Promise<readonly ToolDescription[]> {
    this.#note("list");
    return this.#protocol.listTools(signal);
  }

  async release(signal: AbortSignal): Promise<boolean> {
    this.#note("release");
    this.#protocol.leave();
    let wasSaid: boolean;
    try {
      wasSaid = await this.#session.release(signal);
    } catch (error) {
      this.#note("release-failed", (error as Error).message);
      throw error;
    }
    this.#note("released");
    return wasSaid;
  }

  endInput(): Promise<void> {
    this.#note("end-input");
    this.#end();
    return this.#options.world.schedule(`${this.#options.request.connectionId} end-input`, () => this.#closed);
  }

  terminate(): Promise<void> {
    this.#note("terminate");
    return Promise.resolve();
  }

  kill(): Promise<void> {
    this.#note("kill");
    return Promise.resolve();
  }

  killSync(): void {
    this.#note("kill-sync");
  }

  look(): Promise<TransportLook> {
    const { request, world } = this.#options;
    const remote = this.#session.remote(this.#inputEnded);
    const sockets = this.#sockets.size;
    const empty = sockets === 0 && remote === undefined;
    const look = { empty, survivors: [], unreaped: [], doubtful: [], sockets, ...(remote && { remote }) };
    return world.schedule(`${request.connectionId} look`, () => look);
  }

  dispose(): void {
    this.#note("dispose");
    this.#end();
    this.#session.dispose();
  }

  async #connect(signal: AbortSignal): Promise<void> {
    const { open: { spawnMs = 0 } = {}, http: { unreachable = false } = {} } = this.#options.behaviour();
    await this.#protocol.stage("connect", spawnMs, signal);
    if (unreachable) throw new OpenFailedError("connect", "the virtual server cannot be reached");
  }

  /** How long the answer to initialize takes, body and headers. */
  #beginSession(): Delay {
    const { open: { initializeMs = 0 } = {}, http = {} } = this.#options.behaviour();
    const { keepsSessions = true, idMs = initializeMs } = http;
    if (this.kind !== "streamable-http" || !keepsSessions) return initializeMs;
    this.#session.begin(idMs);
    return initializeMs === "never" || idMs === "never" ? "never" : Math.max(initializeMs, idMs);
  }

  #opened(): void {
    this.#session.learnId();
    this.#sockets.open(this.kind === "in-memory" ? "server in memory" : "stream");
    const { behaviour, world } = this.#options;
    const { dropsAfterMs, forgetsAfterMs } = behaviour().http ?? {};
    const later = (afterMs: number | undefined, what: () => void) => {
      if (afterMs !== undefined) this.#timers.push(world.clock.schedule(what, afterMs));
    };
    later(dropsAfterMs, () => this.#lose("the server ended the stream"));
    later(forgetsAfterMs, () => this.#session.forget());
  }

  #refuseIfUnknown(): void {
    const isUnreachable = this.#options.behaviour().http?.unreachable === true;
    if (!isUnreachable && !this.#session.isForgotten) return;
    throw this.#lose(isUnreachable ? "the server cannot be reached" : "the server answered 404: expired HTTP session");
  }

  #lose(why: string): ConnectionLostError {
    const error = new ConnectionLostError(why, placeOf(this.#options.request.context));
    this.#protocol.lose(error);
    this.#sockets.closeAll();
    return error;
  }

  #end(): void {
    if (this.#inputEnded) return;
    this.#inputEnded = true;
    const { behaviour, request, world } = this.#options;
    const { closeMs = 0, http: { socketsLingerMs = 0 } = {} } = behaviour();
    this.#protocol.shut(new CallAbortedError("the connection was closed", placeOf(request.context)));
    this.#session.stopReading();
    for (const timer of this.#timers) world.clock.clearTimeout(timer);
    const closed = this.#sockets.closeAfter(this.kind === "in-memory" ? closeMs : socketsLingerMs);
    // Only a server in memory is waited for: it is closed by a call.
    if (this.kind === "in-memory") this.#closed = closed;
  }

  #note(type: WorldEventType, detail?: string): void {
    this.#options.world.record.note(type, this.#options.request, detail);
  }
}
