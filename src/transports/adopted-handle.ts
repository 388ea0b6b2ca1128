import type { ServerConfig } from "../config/server-config.js";
import { ConnectionLostError, LifecycleError, messageOf } from "../errors/index.js";
import type {
  Logger,
  McpClient,
  McpTransport,
  OpenRequest,
  ProcessHost,
  TransportHandle,
  TransportLook,
  TreeRef,
} from "../ports/index.js";
import { contain } from "./contain.js";
import { openAborted, openFailed, placeOf } from "./open-error.js";

/** What `supervisor.adopt` opens with, in place of a configuration. */
export interface AdoptedServerConfig {
  readonly type: "adopted";
  readonly transport: McpTransport;
  readonly pid?: number | undefined;
}

export function isAdopted(config: ServerConfig | AdoptedServerConfig): config is AdoptedServerConfig {
  return config.type === "adopted";
}

/** What the handle of an adopted transport needs of the outside. */
export interface AdoptedHandleDeps {
  readonly processHost: ProcessHost;
  readonly logger: Logger;
}

const nothing: Pick<TransportLook, "survivors" | "unreaped" | "doubtful"> = {
  survivors: [],
  unreaped: [],
  doubtful: [],
};

/** A transport that the host opened itself. Its client is the host's; ours are its end and the proof of it. */
export function createAdoptedHandle(
  request: OpenRequest,
  config: AdoptedServerConfig,
  deps: AdoptedHandleDeps,
): TransportHandle {
  const { transport, pid } = config;
  const { processHost, logger } = deps;
  const { context } = request;
  let tree: TreeRef | undefined;
  let open = false;
  let ended = false;
  let closed: "no" | "closing" | "yes" = "no";
  const stir = () => contain(logger, "onStir", () => request.onStir());

  const hostOnclose = transport.onclose;
  const onclose = () => {
    contain(logger, "transport.onclose", () => hostOnclose?.());
    stir();
    if (!open || ended) return;
    open = false;
    contain(logger, "onLost", () =>
      request.onLost(new ConnectionLostError("the adopted transport closed", placeOf(context))),
    );
  };
  const close = async () => {
    closed = "closing";
    try {
      await transport.close();
    } catch (thrown) {
      logger.warn({ err: thrown, server: context.server }, `closing an adopted transport failed: ${messageOf(thrown)}`);
    }
    closed = "yes";
    stir();
  };
  const end = () => {
    ended = true;
    if (closed === "no") void close();
  };

  return {
    kind: "adopted",
    get containment() {
      return tree?.containment;
    },
    get pid() {
      return pid;
    },
    get tree() {
      return tree;
    },
    open: async (signal) => {
      if (signal.aborted || ended) throw openAborted(signal.reason ?? "it was closed before it was adopted", context);
      // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a transport is no EventTarget
      transport.onclose = onclose;
      try {
        if (pid !== undefined) tree = await processHost.adopt(pid);
      } catch (thrown) {
        throw openFailed({ stage: "spawn", thrown, context });
      }
      if (signal.aborted || ended) throw openAborted(signal.reason ?? "it was closed while it was adopted", context);
      open = true;
      return { client: clientOfHost, tools: [] };
    },
    listTools: () => Promise.resolve([]),
    release: () => Promise.resolve(false),
    // Not awaited: the transport may have graces of its own, and ours are the machine's.
    endInput: async () => end(),
    terminate: async () => {
      if (tree) await processHost.signal(tree, "SIGTERM");
    },
    kill: async () => {
      if (tree) await processHost.signal(tree, "SIGKILL");
    },
    look: async () => {
      const seen = tree ? await processHost.look(tree) : nothing;
      // Until its close has settled nothing proves that it let go of what it holds.
      const sockets = closed === "yes" ? 0 : 1;
      return { ...seen, empty: sockets + seen.survivors.length + seen.doubtful.length === 0, sockets };
    },
    killSync: () => {
      if (tree) processHost.killSync(tree);
    },
    dispose: () => {
      end();
      // oxlint-disable-next-line unicorn/prefer-add-event-listener
      if (transport.onclose === onclose) transport.onclose = hostOnclose;
      if (tree) processHost.forget(tree);
    },
  };
}

const refuse = (): Promise<never> =>
  Promise.reject(
    new LifecycleError("ADOPTED", "the transport was adopted: its client is the one that the host connected"),
  );

const clientOfHost: McpClient = {
  connect: refuse,
  callTool: refuse,
  listTools: refuse,
  close: () => Promise.resolve(),
  getServerCapabilities: () => undefined,
};
