import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import type { Redactor } from "../config/index.js";
import { isLifecycleError, type LifecycleError, messageOf, SessionEndedError } from "../errors/index.js";

/** No such resource (2025-11-25, resources). */
const resourceNotFound = -32_002;

/**
 * What a client is answered when its request failed: an error of its server as that server said it, one of this library with its code in
 * `data.code`, anything else as an internal error. Nothing secret is in it.
 */
export function rpcErrorOf(thrown: unknown, redactor: Redactor): RpcError {
  if (thrown instanceof RpcError)
    return new RpcError(thrown.code, redactor.text(thrown.message), redactor.data(thrown.data));
  if (thrown instanceof McpError) {
    return new RpcError(thrown.code, redactor.text(withoutPrefix(thrown)), redactor.data(thrown.data));
  }
  if (isLifecycleError(thrown)) return ofLifecycle(thrown, redactor);
  return new RpcError(ErrorCode.InternalError, redactor.text(messageOf(thrown)));
}

/** A JSON-RPC error; the SDK sends these three fields. */
export class RpcError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data?: unknown) {
    super(message);
    this.name = "RpcError";
    this.code = code;
    this.data = data;
  }
}

/** The client's own mistake. */
export function invalidParams(message: string, data?: unknown): RpcError {
  return new RpcError(ErrorCode.InvalidParams, message, data);
}

export function noSuchResource(uri: string): RpcError {
  return new RpcError(resourceNotFound, "Resource not found", { uri });
}

function ofLifecycle(error: LifecycleError, redactor: Redactor): RpcError {
  const { code, server } = error;
  const message = error instanceof SessionEndedError ? ended(error) : redactor.text(error.message);
  return new RpcError(rpcCodes[code] ?? ErrorCode.ConnectionClosed, message, { code, server });
}

/** A client knows nothing of supervisors. */
function ended({ state }: SessionEndedError): string {
  return `the session is ${state}; what was under way is not done again: initialize anew, or call again after a reset`;
}

const rpcCodes: Readonly<Record<string, number>> = {
  CALL_TIMEOUT: ErrorCode.RequestTimeout,
  UNKNOWN_SERVER: ErrorCode.InvalidParams,
};

/** The SDK puts its own words before what the server said, each time that it passes through. */
function withoutPrefix({ code, message }: McpError): string {
  const prefix = `MCP error ${code}: `;
  return message.startsWith(prefix) ? message.slice(prefix.length) : message;
}
