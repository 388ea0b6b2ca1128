import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { ClientCapabilities, Implementation } from "@modelcontextprotocol/sdk/types.js";
import { validatorOnDemand } from "../../transports/default-client.js";
import type { Message, Result } from "./upstreams.js";

/** Whom a server speaks to. */
export interface ServerListener {
  /** The server asks its client something. */
  asked(message: Message, signal: AbortSignal): Promise<Result>;
  /** The server says something that needs no answer. */
  said(message: Message): void;
}

/**
 * The client of one connection. It can what the client in front of the gateway can, and hands everything on unread, so that fields that
 * this version of the SDK does not know go through.
 */
export function createUpstreamClient(options: {
  readonly info: Implementation;
  readonly capabilities: ClientCapabilities;
  readonly listener: ServerListener;
  readonly onClosed: (client: Client) => void;
}): Client {
  const { info, capabilities, listener, onClosed } = options;
  const client = new Client(info, { capabilities, jsonSchemaValidator: validatorOnDemand() });
  // The SDK's own would look for a request of ours with that token; tokens are the front client's.
  client.removeNotificationHandler("notifications/progress");
  client.fallbackNotificationHandler = ({ method, params }) => Promise.resolve(listener.said({ method, params }));
  client.fallbackRequestHandler = async ({ method, params }, { signal }) =>
    await listener.asked({ method, params }, signal);
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a client is no EventTarget
  client.onclose = () => onClosed(client);
  return client;
}

/** Of what the front client can, what this gateway passes on. */
export function passedOn({ roots, sampling, elicitation }: ClientCapabilities = {}): ClientCapabilities {
  return { ...(roots && { roots }), ...(sampling && { sampling }), ...(elicitation && { elicitation }) };
}
