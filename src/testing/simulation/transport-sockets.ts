import type { OpenRequest } from "../../ports/transport-factory.js";
import type { Delay } from "./server-behaviour.js";
import type { WorldClock } from "./clock-types.js";
import type { VirtualNetwork, VirtualSocket } from "./virtual-network.js";

export interface TransportSocketsOptions {
  readonly clock: WorldClock;
  readonly network: VirtualNetwork;
  readonly request: OpenRequest;
  /** All of them have been closed. */
  readonly onClosed: () => void;
}

/** The sockets of one transport. */
export class TransportSockets {
  readonly #options: TransportSocketsOptions;
  readonly #open = new Set<VirtualSocket>();
  #isLingering = false;

  constructor(options: TransportSocketsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Opens one; gives back what closes it. */
  open(purpose: string): () => void {
    const { network, request } = this.#options;
    const socket = { connectionId: request.connectionId, server: request.context.server, purpose };
    this.#open.add(socket);
    network.sockets.add(socket);
    return () => {
      // Once they linger, a request that was given up holds its socket all the same.
      if (!this.#isLingering && this.#open.delete(socket)) network.sockets.delete(socket);
    };
  }

  closeAll(): void {
    for (const socket of this.#open) this.#options.network.sockets.delete(socket);
    this.#open.clear();
    this.#options.onClosed();
  }

  /** Resolves when they are closed. */
  closeAfter(afterMs: Delay): Promise<void> {
    const { clock, network } = this.#options;
    if (afterMs === 0) {
      this.closeAll();
      return Promise.resolve();
    }
    this.#isLingering = true;
    return new Promise((resolve) => {
      const close = () => {
        this.closeAll();
        resolve();
      };
      if (afterMs === "never") network.linger(close);
      else clock.schedule(close, afterMs);
    });
  }
}
