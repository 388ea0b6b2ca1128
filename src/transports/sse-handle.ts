import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import { SSEClientTransport } from "@modelcontextprotocol/sdk/client/sse.js";
import type { HttpServerConfig } from "../config/server-config.js";
import { ConnectionLostError } from "../errors/index.js";
import type { OpenRequest, TransportHandle } from "../ports/index.js";
import { createClientLife } from "./client-life.js";
import { ConnectionFetch } from "./connection-fetch.js";
import { contain } from "./contain.js";
import { handleWithoutTree } from "./handle-without-tree.js";
import { abortable } from "./linked-abort.js";
import { placeOf, reasonOf } from "./open-error.js";
import { resolvePerContext } from "./per-context.js";
import type { HttpHandleDeps } from "./streamable-http-handle.js";

/**
 * A server reached over the older HTTP+SSE. Its one stream *is* the session: when that ends the connection is lost, and it is never
 * opened again behind our back (LP-41). `EventSource` would: so it never sees an end of the stream that is not an abort.
 */
export function createSseHandle(request: OpenRequest, config: HttpServerConfig, deps: HttpHandleDeps): TransportHandle {
  const { context } = request;
  const url = new URL(config.url);
  let sdk: SSEClientTransport | undefined;

  const lost = (why: string, cause?: unknown) =>
    life.lost(new ConnectionLostError(why, { ...placeOf(context), cause }));
  const connection = new ConnectionFetch({
    endpoint: url,
    fetch: deps.fetch,
    hideStreamEnds: true,
    headers: () => resolvePerContext(config.headers, context),
    onFailed: (exchange, thrown) => {
      if (exchange.listens) lost(`its event stream could not be opened: ${reasonOf(thrown)}`, thrown);
    },
    onStreamEnd: (exchange) => {
      if (exchange.listens) lost("the server ended its event stream");
    },
    onIdle: () => life.stir(),
  });
  const life = createClientLife(request, deps, {
    firstStage: "connect",
    prepare: async (signal) => {
      const provider = resolvePerContext(config.authProvider, context);
      const authProvider = (await abortable(provider, signal)) as OAuthClientProvider | undefined;
      sdk = new SSEClientTransport(url, { fetch: connection.fetch, ...(authProvider && { authProvider }) });
      return sdk;
    },
    giveUp: () => {
      connection.close();
      return Promise.resolve();
    },
  });
  const end = () => {
    life.end();
    connection.close();
    contain(deps.logger, "transport.close", () => sdk?.close());
  };

  return {
    ...handleWithoutTree,
    kind: "sse",
    open: (signal) => life.open(signal),
    listTools: (signal) => life.listTools(signal),
    release: () => Promise.resolve(false),
    endInput: async () => end(),
    look: async () => {
      const sockets = connection.open;
      return { empty: sockets === 0, survivors: [], unreaped: [], doubtful: [], sockets };
    },
    dispose: end,
  };
}
