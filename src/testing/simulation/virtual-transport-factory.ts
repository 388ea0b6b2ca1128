import type { OpenRequest, TransportFactory, TransportHandle } from "../../ports/transport-factory.js";
import { cookiePrefix } from "../../processes/process-table.js";
import type { ProcessTable } from "./process-table.js";
import { behaviourOf, type ServerBehaviour, type ServerBehaviours } from "./server-behaviour.js";
import { VirtualStdioTransport } from "./virtual-stdio-transport.js";
import { VirtualStreamTransport } from "./virtual-stream-transport.js";
import type { WorldParts } from "./world-parts.js";

export interface VirtualTransportFactoryOptions {
  readonly world: WorldParts;
  readonly table: ProcessTable;
  /** Read whenever it matters. */
  readonly behaviours: () => ServerBehaviours;
  /** Which of the world's gateways it is, from 1 on. */
  readonly gateway: number;
}

/** A transport that was created, and for whom. */
export interface CreatedTransport {
  readonly request: OpenRequest;
  readonly handle: TransportHandle;
}

/** Opens connections to virtual servers, which behave by their name; of the configuration only the kind counts. */
export class VirtualTransportFactory implements TransportFactory {
  readonly #options: VirtualTransportFactoryOptions;
  readonly #created = new Map<string, CreatedTransport>();
  readonly #openings = new Map<string, number>();
  readonly #trees = new Map<string, string[]>();

  constructor(options: VirtualTransportFactoryOptions) {
    this.#options = options;
  }

  create(asked: OpenRequest): TransportHandle {
    const { world } = this.#options;
    const { context } = asked;
    const connectionId = this.nameOf(asked.connectionId);
    const request = { ...asked, connectionId };
    const opening = this.#openings.get(context.server) ?? 0;
    this.#openings.set(context.server, opening + 1);
    if (this.#created.has(connectionId))
      world.record.violate("contract", `connection id ${connectionId} was used twice`);
    world.record.note("create", request);
    const behaviour = () => behaviourOf(this.#options.behaviours(), context.server, opening);
    const handle = this.#transportOf(request, behaviour);
    this.#created.set(connectionId, { request, handle });
    return handle;
  }

  /** Every transport ever created, in order. */
  get created(): readonly CreatedTransport[] {
    return [...this.#created.values()];
  }

  /** What the world calls a connection: ids come again in every gateway. */
  nameOf(connectionId: string): string {
    const { gateway } = this.#options;
    return gateway === 1 ? connectionId : `${connectionId}@${gateway}`;
  }

  find(connectionId: string): CreatedTransport | undefined {
    return this.#created.get(connectionId);
  }

  /** The server says to every connection it has that its tools changed. */
  announceToolsChanged(server: string): void {
    if (this.#options.world.life.isOver) return;
    for (const { request } of this.#created.values()) {
      if (request.context.server === server) request.onToolsChanged();
    }
  }

  #transportOf(request: OpenRequest, behaviour: () => ServerBehaviour): TransportHandle {
    const { world } = this.#options;
    const { config } = request;
    if ("url" in config) {
      const kind = config.type === "sse" ? "sse" : "streamable-http";
      return new VirtualStreamTransport({ world, request, behaviour, kind, url: originAndPath(config.url) });
    }
    if (config.type === "in-memory") {
      return new VirtualStreamTransport({ world, request, behaviour, kind: "in-memory", url: "" });
    }
    const cookie = cookieOf(this.#options.gateway, this.#created.size + 1);
    return new VirtualStdioTransport({
      world,
      request,
      behaviour,
      cookie,
      onSpawn: () => this.#checkSecondTree(request),
    });
  }

  #checkSecondTree({ connectionId, context }: OpenRequest): void {
    const key = JSON.stringify([context.sessionKey, context.generation, context.server]);
    const earlier = (this.#trees.get(key) ?? []).filter((id) => this.#isAlive(id));
    for (const id of earlier) {
      const sentence = `connection ${connectionId} started a tree of ${context.server} while that of ${id} is alive`;
      this.#options.world.record.violate("I11", sentence);
    }
    this.#trees.set(key, [...earlier, connectionId]);
  }

  #isAlive(owner: string): boolean {
    return this.#options.table.ownedBy(owner).some(({ state }) => state === "running");
  }
}

/** Like a real one, and the same each time. */
function cookieOf(gateway: number, nth: number): string {
  return `${cookiePrefix}${[gateway, nth].map((each) => each.toString(16).padStart(16, "0")).join("")}`;
}

function originAndPath(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
