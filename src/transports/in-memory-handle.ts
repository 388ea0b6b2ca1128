import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { InMemoryServer, InMemoryServerConfig } from "../config/server-config.js";
import { ConnectionLostError, messageOf } from "../errors/index.js";
import type { OpenRequest, TransportHandle } from "../ports/index.js";
import { type ClientSupply, createClientLife } from "./client-life.js";
import { handleWithoutTree } from "./handle-without-tree.js";
import { abortable } from "./linked-abort.js";
import { placeOf } from "./open-error.js";

/** A server in this process, made for this connection and closed with it. */
export function createInMemoryHandle(
  request: OpenRequest,
  config: InMemoryServerConfig,
  deps: ClientSupply,
): TransportHandle {
  const { logger } = deps;
  const { context } = request;
  const servers = new Map<InMemoryServer, "open" | Promise<void>>();
  let making = 0;
  let ended = false;

  const life = createClientLife(request, deps, {
    firstStage: "connect",
    prepare: async (signal) => {
      const [ours, theirs] = InMemoryTransport.createLinkedPair();
      const server = await abortable(make(), signal);
      await abortable(server.connect(theirs as never), signal);
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a transport is no EventTarget
      ours.onclose = () => {
        if (!ended) life.lost(new ConnectionLostError("the server closed the connection", placeOf(context)));
      };
      return ours;
    },
  });
  /** A server that is made too late is closed at once. */
  const make = async () => {
    making += 1;
    try {
      const server = await config.createServer();
      servers.set(server, "open");
      if (ended) void close(server);
      return server;
    } finally {
      making -= 1;
    }
  };
  const close = async (server: InMemoryServer): Promise<void> => {
    const state = servers.get(server);
    if (state !== "open") return state;
    const closing = closeServer(server).finally(() => {
      servers.delete(server);
      life.stir();
    });
    servers.set(server, closing);
    return closing;
  };
  const closeServer = async (server: InMemoryServer) => {
    try {
      await server.close();
    } catch (thrown) {
      logger.warn({ err: thrown, server: context.server }, `closing an in-memory server failed: ${messageOf(thrown)}`);
    }
  };
  const end = async () => {
    ended = true;
    life.end();
    await Promise.all([...servers.keys()].map(close));
  };

  return {
    ...handleWithoutTree,
    kind: "in-memory",
    open: (signal) => life.open(signal),
    listTools: (signal) => life.listTools(signal),
    release: () => Promise.resolve(false),
    endInput: end,
    look: async () => {
      const sockets = servers.size + making;
      return { empty: sockets === 0, survivors: [], unreaped: [], doubtful: [], sockets };
    },
    dispose: () => void end(),
  };
}
