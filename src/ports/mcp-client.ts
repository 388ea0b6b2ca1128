/**
 * The structure of a protocol client that the library relies on. The SDK's `Client` (v1) has it; so does anything a host builds
 * with the same methods. Kept structural so that the core does not depend on one version of the SDK.
 */
export interface McpClient {
  connect(transport: McpTransport, options?: McpRequestOptions): Promise<void>;
  close(): Promise<void>;
  callTool(
    params: { name: string; arguments?: Record<string, unknown> },
    resultSchema?: undefined,
    options?: McpRequestOptions,
  ): Promise<unknown>;
  listTools(
    params?: { cursor?: string },
    options?: McpRequestOptions,
  ): Promise<{ tools: ToolDescription[]; nextCursor?: string | undefined }>;
  getServerCapabilities(): { tools?: unknown } | undefined;
}

export interface McpRequestOptions {
  signal?: AbortSignal;
  /** Milliseconds; the library passes `noTimeoutMs`, its own clock decides. */
  timeout?: number;
  onprogress?: (progress: Progress) => void;
}

/** The SDK arms a timer of its own for each request; ours decides, so its gets the longest delay there is. */
export const noTimeoutMs = 2 ** 31 - 1;

/** What a server says of a call that is under way. */
export interface Progress {
  progress: number;
  total?: number | undefined;
  message?: string | undefined;
}

/** A tool as the server lists it. */
export interface ToolDescription {
  name: string;
  description?: string | undefined;
  inputSchema: unknown;
}

/** The structure of the SDK's `Transport`. */
export interface McpTransport {
  start(): Promise<void>;
  send(message: never, options?: never): Promise<void>;
  close(): Promise<void>;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
  onmessage?: ((message: never, extra?: never) => void) | undefined;
  sessionId?: string | undefined;
}
