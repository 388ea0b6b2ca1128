import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { HttpServerConfig } from "../config/server-config.js";
import { ConnectionLostError } from "../errors/index.js";
import type { Clock, Ledger, OpenRequest, TransportHandle } from "../ports/index.js";
import { type ClientSupply, createClientLife } from "./client-life.js";
import { ConnectionFetch } from "./connection-fetch.js";
import { contain } from "./contain.js";
import { handleWithoutTree } from "./handle-without-tree.js";
import { HttpSession } from "./http-session.js";
import { abortable } from "./linked-abort.js";
import { placeOf } from "./open-error.js";
import { resolvePerContext } from "./per-context.js";
import { StreamResumption } from "./stream-resumption.js";
import { createSessionLedger } from "./tree-ledger.js";

export interface HttpHandleDeps extends ClientSupply {
  readonly fetch: FetchLike;
  readonly clock: Clock;
  readonly ledger: Ledger;
}

/** A server reached over Streamable HTTP: request streams, at most one stream of its own, and perhaps a session to delete. */
export function createStreamableHttpHandle(
  request: OpenRequest,
  config: HttpServerConfig,
  deps: HttpHandleDeps,
): TransportHandle {
  const { context, connectionId } = request;
  const url = new URL(config.url);
  const entry = { connectionId, server: context.server, session: context.sessionKey, url };
  const ledger = createSessionLedger(deps.ledger, entry, deps.logger);
  let sdk: StreamableHTTPClientTransport | undefined;
  let authProvider: OAuthClientProvider | undefined;
  let inputEnded = false;
  let hasListened = false;

  const resumption = new StreamResumption({
    clock: deps.clock,
    resume: (lastEventId) => sdk?.resumeStream(lastEventId) ?? Promise.resolve(),
    isPending: (id) => life.gate.isPending(id),
    fail: (id, error) => life.gate.fail(id, error),
    lost: (error) => life.lost(error),
  });
  const connection = new ConnectionFetch({
    endpoint: url,
    fetch: deps.fetch,
    hideStreamEnds: false,
    resumes: resumption.owner,
    headers: () => resolvePerContext(config.headers, context),
    onSent: (exchange) => session.sent(exchange),
    onFailed: (exchange, thrown) => session.failed(exchange, thrown),
    onResponse: (exchange, response) => {
      session.answered(exchange, response);
      // A server without a stream of its own may say 404 to it, and nothing is expired then (LP-42).
      const expired = exchange.method === "POST" || (exchange.listens && hasListened);
      if (exchange.inSession && expired && response.status === 404) {
        life.lost(new ConnectionLostError("the server answered 404: expired HTTP session", placeOf(context)));
      }
      hasListened ||= exchange.listens && response.ok;
    },
    onStreamEnd: ({ requestId }, { lastEventId, retryMs }) => resumption.ended({ requestId, lastEventId, retryMs }),
    onIdle: () => life.stir(),
  });
  const session = new HttpSession({
    url,
    context,
    ledger,
    fetch: connection.lastFetch,
    accessToken: async () => (await authProvider?.tokens())?.access_token,
  });

  const life = createClientLife(request, deps, {
    firstStage: "connect",
    prepare: async (signal) => {
      const provider = resolvePerContext(config.authProvider, context);
      authProvider = (await abortable(provider, signal)) as OAuthClientProvider | undefined;
      sdk = new StreamableHTTPClientTransport(url, {
        fetch: connection.fetch,
        ...(authProvider && { authProvider }),
        // None of the SDK's: see StreamResumption.
        reconnectionOptions: {
          initialReconnectionDelay: 0,
          maxReconnectionDelay: 0,
          reconnectionDelayGrowFactor: 1,
          maxRetries: 0,
        },
      });
      return sdk;
    },
    giveUp: () => {
      resumption.stop();
      connection.fence();
      return connection.initializeSettled();
    },
    onGivenUp: (id) => connection.cut(id),
    // It says so at each end of a stream, because its own reconnecting is off.
    isNoise: (error) => error.message.startsWith("Maximum reconnection attempts"),
    stageOf: (stage) => (session.unreached ? "connect" : stage),
  });

  const end = () => {
    inputEnded = true;
    life.end();
    resumption.stop();
    connection.close();
    contain(deps.logger, "transport.close", () => sdk?.close());
  };

  return {
    ...handleWithoutTree,
    kind: "streamable-http",
    open: async (signal) => {
      const opened = await life.open(signal);
      // Open is what would be deleted, too, if the gateway were killed in the next moment.
      await abortable(ledger.settled(), signal);
      return opened;
    },
    listTools: (signal) => life.listTools(signal),
    release: (signal) => {
      life.leave();
      resumption.stop();
      session.protocolVersion = sdk?.protocolVersion;
      return session.delete(signal);
    },
    endInput: async () => end(),
    look: async () => {
      const sockets = connection.open + resumption.waiting;
      const remote = session.remote(inputEnded);
      return { empty: sockets === 0 && !remote, survivors: [], unreaped: [], doubtful: [], sockets, remote };
    },
    dispose: () => {
      end();
      ledger.remove();
    },
  };
}
