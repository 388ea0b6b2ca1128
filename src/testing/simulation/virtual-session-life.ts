import { CallAbortedError } from "../../errors/index.js";
import type { RemoteSession } from "../../ports/transport-factory.js";
import { noLogger } from "../../ports/index.js";
import { createSessionLedger, type SessionLedger } from "../../transports/tree-ledger.js";
import { onAbort, placeOf, releaseFailed } from "./open-error.js";
import type { Delay } from "./server-behaviour.js";
import type { VirtualHttpSession } from "./virtual-network.js";
import { startRequest, type VirtualRequest } from "./virtual-request.js";
import type { VirtualTransportOptions } from "./world-parts.js";

/** The session a virtual HTTP server makes for one connection: when it comes into being, when its id is known, how it goes. */
export class VirtualSessionLife {
  readonly #options: VirtualTransportOptions;
  readonly #url: string;
  readonly #deletes = new Set<VirtualRequest<void>>();
  readonly #ledger: SessionLedger;
  #session: VirtualHttpSession | undefined;
  #idRequest: VirtualRequest<void> | undefined;
  #idKnown = false;
  #isGone = false;
  #problem = "its DELETE was not sent";

  constructor(options: VirtualTransportOptions, url: string) {
    this.#options = options;
    this.#url = url;
    const { request, world } = options;
    const { connectionId, context } = request;
    const entry = { connectionId, server: context.server, url: new URL(url === "" ? "http://memory.test" : url) };
    this.#ledger = createSessionLedger(world.ledger, entry, noLogger);
  }

  /** The server has the initialize request: its session is there now, its id comes with the headers of the answer. */
  begin(idMs: Delay): void {
    const { request, world } = this.#options;
    if (world.life.isOver) return;
    this.#session = world.network.sessions.create(request.connectionId, request.context.server);
    this.#idRequest = this.#send("session id", idMs, () => this.learnId());
  }

  learnId(): void {
    if (this.#idKnown) return;
    this.#idKnown = true;
    if (this.#session !== undefined) this.#ledger.kept(this.#session.id);
  }

  /** Proved gone, or given up. */
  dispose(): void {
    this.#ledger.remove();
  }

  /** Resolves when no answer that may bring the id is awaited any more. */
  async headersRead(): Promise<void> {
    await this.#idRequest?.answered.catch(() => undefined);
  }

  /** Whether a request with its id is answered by 404. */
  get isForgotten(): boolean {
    return this.#session !== undefined && !this.#options.world.network.sessions.knows(this.#session);
  }

  /** The server forgets it. */
  forget(): void {
    if (this.#session !== undefined) this.#options.world.network.sessions.remove(this.#session);
  }

  /** What the server may still keep; without an id only once none can be learned any more. */
  remote(inputEnded: boolean): RemoteSession | undefined {
    if (this.#session === undefined || this.#isGone) return undefined;
    if (this.#idKnown) return { url: this.#url, idKnown: true, problem: this.#problem };
    return inputEnded ? { url: this.#url, idKnown: false, problem: "its session id was never learned" } : undefined;
  }

  /** DELETE, if there is an id to send; rejects with a `LifecycleError` if the session may still be there. */
  async release(signal: AbortSignal): Promise<boolean> {
    if (!this.#idKnown || this.#session === undefined || this.#isGone) return false;
    const { delete: answer = 200, deleteMs = 0, unreachable = false } = this.#options.behaviour().http ?? {};
    const deleted = this.#send("DELETE", answer === "never" ? "never" : deleteMs, () => {
      if (unreachable) throw this.#failed("the server cannot be reached");
      this.#answered(this.isForgotten ? 404 : answer);
    });
    this.#deletes.add(deleted);
    const stop = onAbort(signal, () => deleted.fail(this.#failed("DELETE was not answered in time")));
    try {
      await deleted.answered;
      return true;
    } finally {
      stop();
      this.#deletes.delete(deleted);
    }
  }

  /** Nobody reads answers any more. */
  stopReading(): void {
    this.#idRequest?.fail(new CallAbortedError("the connection was closed", placeOf(this.#options.request.context)));
    for (const sent of this.#deletes) sent.fail(this.#failed("the connection was closed"));
  }

  #answered(status: 200 | 404 | 405 | 500 | "never"): void {
    if (status === 500) throw this.#failed("DELETE was answered by 500");
    if (status === 405 && this.#session !== undefined) this.#session.undeletable = true;
    else this.forget();
    this.#isGone = true;
    this.#ledger.remove();
  }

  #send(what: string, afterMs: Delay, answer: () => void): VirtualRequest<void> {
    const { request, world } = this.#options;
    const { clock, network, schedule } = world;
    const socket = { connectionId: request.connectionId, server: request.context.server, purpose: what };
    network.sockets.add(socket);
    const onSettled = () => void network.sockets.delete(socket);
    return startRequest({ clock, schedule, label: `${request.connectionId} ${what}`, afterMs, answer, onSettled });
  }

  #failed(problem: string): Error {
    this.#problem = problem;
    return releaseFailed(problem, this.#options.request.context);
  }
}
