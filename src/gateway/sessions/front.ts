import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Implementation, RequestId } from "@modelcontextprotocol/sdk/types.js";
import { validatorOnDemand } from "../../transports/default-client.js";
import type { Message, Result } from "../proxy/upstreams.js";

/** What a client that was let in says. */
export interface FrontListener {
  asked(message: Message, extra: { readonly id: RequestId; readonly signal: AbortSignal }): Promise<Result>;
  said(message: Message): void;
  failed(error: Error): void;
}

/**
 * The server that a client sees. It answers `initialize` and `ping`; everything else is handed on unread. All capabilities are announced,
 * because what the servers behind it have is not known before they are opened, and none is opened before it is used.
 */
export function createFront(options: {
  readonly info: Implementation;
  readonly instructions: string;
  readonly listener: FrontListener;
}): Server {
  const { info, instructions, listener } = options;
  const front = new Server(info, { capabilities, instructions, jsonSchemaValidator: validatorOnDemand() });
  front.fallbackRequestHandler = async ({ method, params }, { requestId, signal }) =>
    await listener.asked({ method, params }, { id: requestId, signal });
  // The SDK's own would keep the level here, where nothing is logged.
  front.removeRequestHandler("logging/setLevel");
  front.removeNotificationHandler("notifications/progress");
  front.fallbackNotificationHandler = ({ method, params }) => Promise.resolve(listener.said({ method, params }));
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a server is no EventTarget
  front.onerror = (error) => listener.failed(error);
  return front;
}

const capabilities = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
  logging: {},
  completions: {},
};
