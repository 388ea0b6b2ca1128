import { AdmissionError, isLifecycleError, LifecycleError, messageOf } from "../errors/index.js";
import { redactUrls } from "./redact.js";

/** The session's runtime is gone, in OpenClaw's words. */
export function disposedError(sessionId: string, cause?: unknown): LifecycleError {
  return new LifecycleError("SESSION_ENDED", `bundle-mcp runtime disposed for session ${sessionId}`, { cause });
}

/** No such server, or it cannot be opened, in OpenClaw's words. */
export function notConnectedError(serverName: string, cause?: unknown): LifecycleError {
  const why = cause === undefined ? "" : `: ${redactUrls(messageOf(cause))}`;
  return new LifecycleError("CONNECTION_LOST", `bundle-mcp server "${serverName}" is not connected${why}`, { cause });
}

/** What a caller of OpenClaw's is told: ends and failed openings in its words, and no secret of a URL. What a server answered stays as it is. */
export function told(error: unknown, { sessionId, serverName }: { sessionId: string; serverName: string }): unknown {
  if (!isLifecycleError(error)) return error;
  if (error.code === "SESSION_ENDED" || error.code === "SHUTDOWN") return disposedError(sessionId, error);
  if (notConnected.has(error.code)) return notConnectedError(serverName, error);
  return new LifecycleError(error.code, redactUrls(error.message), { cause: error });
}

const notConnected = new Set([
  "OPEN_FAILED",
  "OPEN_ABORTED",
  "CONNECT_TIMEOUT",
  "SERVER_LEAKED",
  "RESTART_LIMIT",
  "UNKNOWN_SERVER",
]);

/** Why a session gets no runtime now, in OpenClaw's words. */
export function refusal(error: unknown, sessionId: string): unknown {
  if (!isLifecycleError(error)) return error;
  if (error instanceof AdmissionError) return limitError(error);
  return told(error, { sessionId, serverName: "" });
}

function limitError(cause: AdmissionError): LifecycleError {
  const advice = "stop or reset unused sessions before connecting another MCP runtime";
  return new LifecycleError("ADMISSION", `bundle-mcp: live runtime limit (${cause.value}) reached; ${advice}`, {
    cause,
  });
}
