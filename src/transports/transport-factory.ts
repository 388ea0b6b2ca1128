import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import {
  type ClientContext,
  type Clock,
  type Ledger,
  type Logger,
  type McpClient,
  noLedger,
  noLogger,
  type OpenRequest,
  type ProcessHost,
  type TransportFactory,
  type TransportHandle,
} from "../ports/index.js";
import { createAdoptedHandle, isAdopted } from "./adopted-handle.js";
import { createDefaultClient } from "./default-client.js";
import { createInMemoryHandle } from "./in-memory-handle.js";
import { createSseHandle } from "./sse-handle.js";
import { createStdioHandle, type StdioHandleDeps } from "./stdio-handle.js";
import { createStreamableHttpHandle, type HttpHandleDeps } from "./streamable-http-handle.js";
import { createUnopenableHandle } from "./unopenable-handle.js";

/** What the transports of a factory have in common. */
export interface TransportFactoryOptions {
  readonly processHost: ProcessHost;
  readonly clock: Clock;
  /** Default: keeps nothing. */
  readonly ledger?: Ledger | undefined;
  /** Makes the client of each connection; default is an SDK client (v1) without capabilities. */
  readonly createClient?: ((context: ClientContext) => McpClient | Promise<McpClient>) | undefined;
  /** Told of each client before it is connected. If it throws, the opening fails. */
  readonly onClient?: ((client: McpClient, context: ClientContext) => void | Promise<void>) | undefined;
  /** Default: the global one. */
  readonly fetch?: FetchLike | undefined;
  readonly logger?: Logger | undefined;
}

/**
 * Opens connections with the MCP SDK (v1).
 *
 * @example
 * const transports = createTransportFactory({ processHost: createProcessHost(), clock: systemClock });
 * const handle = transports.create({ connectionId, config: { command: "mcp-server" }, context, calls, onLost, onStir, onToolsChanged });
 * const { client, tools } = await handle.open(signal);
 */
export function createTransportFactory(options: TransportFactoryOptions): TransportFactory {
  const { processHost, clock, ledger = noLedger, logger = noLogger } = options;
  const deps = {
    processHost,
    clock,
    ledger,
    logger,
    createClient: options.createClient ?? createDefaultClient,
    onClient: options.onClient,
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
  } satisfies StdioHandleDeps & HttpHandleDeps;

  return {
    create: (request: OpenRequest): TransportHandle => {
      const { config } = request;
      if (isAdopted(config)) return createAdoptedHandle(request, config, deps);
      if (config.type === "in-memory") return createInMemoryHandle(request, config, deps);
      if (!("url" in config)) return createStdioHandle(request, config, deps);
      const [kind, create] =
        config.type === "sse"
          ? (["sse", createSseHandle] as const)
          : (["streamable-http", createStreamableHttpHandle] as const);
      if (!URL.canParse(config.url))
        return createUnopenableHandle(request, kind, `url ${JSON.stringify(config.url)} is no URL`);
      return create(request, config, deps);
    },
  };
}
