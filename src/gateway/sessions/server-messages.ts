import type { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { ErrorCode, type RequestId, ResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { messageOf } from "../../errors/index.js";
import { type Logger, noTimeoutMs } from "../../ports/index.js";
import type { ServerListener } from "../proxy/upstream-client.js";
import type { Message, Result, Upstreams } from "../proxy/upstreams.js";
import { RpcError } from "../rpc-error.js";
import type { UnderWay } from "./under-way.js";

export interface ServerMessagesParts {
  readonly front: Server;
  readonly upstreams: Upstreams;
  readonly underWay: UnderWay;
  readonly hasStream: () => boolean;
  /** A server's lists are others now. */
  readonly onChanged: () => void;
  readonly logger: Logger;
}

/** What servers ask and tell the client of their session, and what it tells them unasked. */
export class ServerMessages {
  readonly #parts: ServerMessagesParts;
  /** Progress tokens of servers' requests, by the ones that the client was given: two servers may choose the same. */
  readonly #tokens = new Map<string, { readonly server: string; readonly token: unknown }>();
  #lastToken = 0;

  constructor(parts: ServerMessagesParts) {
    this.#parts = parts;
  }

  listenerFor(server: string): ServerListener {
    return {
      asked: (message, signal) => this.#ask(server, message, signal),
      said: (message) => this.#said(server, message),
    };
  }

  fromClient({ method, params }: Message): void {
    const { upstreams } = this.#parts;
    if (method === "notifications/roots/list_changed") return upstreams.notify({ method, params });
    if (method !== "notifications/progress") return;
    const asked = this.#tokens.get(String(params?.["progressToken"]));
    if (asked === undefined) return;
    upstreams.notifyTo(asked.server, { method, params: { ...params, progressToken: asked.token } });
  }

  listsChanged(): void {
    for (const list of ["tools", "prompts", "resources"]) this.#tell({ method: `notifications/${list}/list_changed` });
  }

  /** A list lacks what that server has. */
  unlisted(server: string, error: RpcError): void {
    this.#parts.logger.warn({ server, error: error.message }, "a server was not listed");
    const data = { server, message: error.message };
    this.#tell({ method: "notifications/message", params: { level: "error", logger: "mcp-lifecycle", data } });
  }

  #said(server: string, { method, params = {} }: Message): void {
    const { underWay, onChanged } = this.#parts;
    if (method.endsWith("/list_changed")) onChanged();
    if (method === "notifications/progress") {
      return this.#tell({ method, params }, underWay.withToken(server, params["progressToken"]));
    }
    if (method !== "notifications/message") return this.#tell({ method, params });
    this.#tell({ method, params: { logger: server, ...params } }, underWay.latestTo(server));
  }

  async #ask(server: string, { method, params = {} }: Message, signal: AbortSignal): Promise<Result> {
    const { front, underWay, hasStream } = this.#parts;
    const capability = capabilityOf[method];
    if (capability === undefined || front.getClientCapabilities()?.[capability] === undefined) {
      throw new RpcError(ErrorCode.MethodNotFound, `the client behind this gateway does not answer ${method}`);
    }
    const relatedRequestId = underWay.latestTo(server);
    if (relatedRequestId === undefined && !hasStream()) {
      throw new RpcError(ErrorCode.ConnectionClosed, `the client has no stream open on which ${method} could be sent`);
    }
    const token = this.#takeToken(server, params);
    const request = token === undefined ? { method, params } : { method, params: withToken(params, token) };
    try {
      // A person may be asked; what limits it is the time of the call that it belongs to.
      const options = { signal, timeout: noTimeoutMs, ...(relatedRequestId !== undefined && { relatedRequestId }) };
      return await front.request(request, ResultSchema, options);
    } finally {
      if (token !== undefined) this.#tokens.delete(token);
    }
  }

  #takeToken(server: string, params: NonNullable<Message["params"]>): string | undefined {
    const meta = params["_meta"] as { readonly progressToken?: unknown } | undefined;
    if (meta?.progressToken === undefined) return undefined;
    const token = `server-${(this.#lastToken += 1)}`;
    this.#tokens.set(token, { server, token: meta.progressToken });
    return token;
  }

  #tell({ method, params }: Message, relatedRequestId?: RequestId): void {
    const { front, logger } = this.#parts;
    const notification = { method, params: { ...params } } as Parameters<Server["notification"]>[0];
    front
      .notification(notification, relatedRequestId === undefined ? {} : { relatedRequestId })
      .catch((error: unknown) => logger.debug({ method, error: messageOf(error) }, "the client was not told"));
  }
}

const capabilityOf: Readonly<Record<string, "roots" | "sampling" | "elicitation">> = {
  "roots/list": "roots",
  "sampling/createMessage": "sampling",
  "elicitation/create": "elicitation",
};

function withToken(params: NonNullable<Message["params"]>, progressToken: string) {
  return { ...params, _meta: { ...(params["_meta"] as object), progressToken } };
}
