import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import {
  isInitializeRequest,
  type JSONRPCMessage,
  SUPPORTED_PROTOCOL_VERSIONS,
} from "@modelcontextprotocol/sdk/types.js";
import { isRequest, messageSchemaFor } from "../../transports/json-rpc.js";
import type { Refusal } from "../http/exchange.js";

const batchAtMost = 100;

/** The messages of a POST, one or a batch; or why it is none that the protocol knows (2025-11-25, transports). */
export function readMessages(
  { headers }: IncomingMessage,
  body: unknown,
): { readonly messages: readonly JSONRPCMessage[] } | { readonly refusal: Refusal } {
  const { accept = "", "content-type": contentType = "" } = headers;
  if (!accept.includes("application/json") || !accept.includes("text/event-stream"))
    return { refusal: acceptsTooLittle };
  if (contentType.split(";", 1)[0]?.trim().toLowerCase() !== "application/json") return { refusal: noJson };
  const sent: readonly unknown[] = Array.isArray(body) ? body : [body];
  if (sent.length > batchAtMost) return { refusal: batchTooLarge };
  const messages = sent.flatMap((message) => messageSchemaFor(message).safeParse(message).data ?? []);
  return messages.length > 0 && messages.length === sent.length ? { messages } : { refusal: noMessage };
}

/** Whether it is the `initialize` of a client that an event without data can be sent to: the revision that brought those, or a later one. */
export function knowsEmptyEvents(message: JSONRPCMessage): boolean {
  if (!isInitializeRequest(message)) return false;
  return message.params.protocolVersion >= "2025-11-25";
}

/** Why such messages cannot follow the first one of a session. */
export function laterRefusal({ headers }: IncomingMessage, messages: readonly JSONRPCMessage[]): Refusal | undefined {
  const isInitialize = messages.some((message) => isRequest(message) && message.method === "initialize");
  return isInitialize ? isInitialized : versionRefusal(headers);
}

/** Why nothing can be streamed to whoever sent this GET. */
export function streamRefusal({ headers }: IncomingMessage): Refusal | undefined {
  return headers.accept?.includes("text/event-stream") === true ? versionRefusal(headers) : acceptsNoStream;
}

/** Without the header, a request speaks as `initialize` did. */
function versionRefusal(headers: IncomingHttpHeaders): Refusal | undefined {
  const version = headers["mcp-protocol-version"];
  if (version === undefined || SUPPORTED_PROTOCOL_VERSIONS.includes(String(version))) return undefined;
  const known = SUPPORTED_PROTOCOL_VERSIONS.join(", ");
  const message = `Bad Request: Unsupported protocol version (supported versions: ${known})`;
  return { status: 400, code: "BAD_PROTOCOL_VERSION", message };
}

const acceptsTooLittle = notAcceptable("both application/json and text/event-stream");
const acceptsNoStream = notAcceptable("text/event-stream");

const noJson: Refusal = {
  status: 415,
  code: "UNSUPPORTED_MEDIA_TYPE",
  message: "Unsupported Media Type: Content-Type must be application/json",
};

const noMessage = badMessage("the body is no JSON-RPC message");
const batchTooLarge = badMessage(`a batch holds ${batchAtMost} messages at most`);
const isInitialized = badMessage("the session is initialized already");

function notAcceptable(types: string): Refusal {
  return { status: 406, code: "NOT_ACCEPTABLE", message: `Not Acceptable: Client must accept ${types}` };
}

/** What is well-formed HTTP, and not what the protocol allows there. */
export function badMessage(why: string): Refusal {
  return { status: 400, code: "BAD_MESSAGE", message: `Invalid Request: ${why}` };
}
