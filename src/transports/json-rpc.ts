import {
  ErrorCode,
  JSONRPCErrorResponseSchema,
  type JSONRPCMessage,
  JSONRPCNotificationSchema,
  JSONRPCRequestSchema,
  JSONRPCResultResponseSchema,
  type RequestId,
} from "@modelcontextprotocol/sdk/types.js";
import type { LifecycleError } from "../errors/index.js";

/**
 * The only part of the SDK's `JSONRPCMessageSchema` that can fit: its four are strict, and their fields exclude each other. To try them one
 * after the other is the larger part of what reading a short message costs.
 */
export function messageSchemaFor(value: unknown) {
  if (typeof value !== "object" || value === null) return JSONRPCRequestSchema;
  if ("method" in value) return "id" in value ? JSONRPCRequestSchema : JSONRPCNotificationSchema;
  return "result" in value ? JSONRPCResultResponseSchema : JSONRPCErrorResponseSchema;
}

export function isRequest(message: JSONRPCMessage): message is JSONRPCMessage & { id: RequestId; method: string } {
  return "method" in message && "id" in message;
}

/** The id that `message` answers, with a result or an error. */
export function answeredId(message: JSONRPCMessage): RequestId | undefined {
  return "method" in message ? undefined : message.id;
}

export function isCancelled(message: JSONRPCMessage): message is JSONRPCMessage & { params: { requestId: RequestId } } {
  if (!("method" in message) || message.method !== "notifications/cancelled") return false;
  const id = message.params?.["requestId"];
  return typeof id === "string" || typeof id === "number";
}

export function isToolsChanged(message: JSONRPCMessage): boolean {
  return "method" in message && message.method === "notifications/tools/list_changed";
}

export function cancelledNotification(requestId: RequestId, reason: string): JSONRPCMessage {
  return { jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId, reason } };
}

/** An error of ours as the server's answer; `data.code` is the code of the `LifecycleError`. */
export function errorAnswer(id: RequestId, error: LifecycleError): JSONRPCMessage {
  return {
    jsonrpc: "2.0",
    id,
    error: { code: ErrorCode.ConnectionClosed, message: error.message, data: { code: error.code } },
  };
}
