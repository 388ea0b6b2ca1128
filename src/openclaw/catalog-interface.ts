/** A tool in OpenClaw's catalogue. */
export interface McpCatalogTool {
  readonly serverName: string;
  /** The server's name as model providers accept it; unique in its session. */
  readonly safeServerName: string;
  readonly toolName: string;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly inputSchema: unknown;
  readonly fallbackDescription: string;
  /** What the server says of the tool's effects, by which OpenClaw decides whether a call is asked for; 2026.9.6. */
  readonly codexAnnotations?: Readonly<Record<string, boolean>> | undefined;
}

/** Patterns of tools to show and to hide; a list that is empty is none. */
export interface ToolFilter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** A server in OpenClaw's catalogue of tools. */
export interface McpCatalogServer {
  readonly serverName: string;
  readonly safeServerName: string;
  readonly launchSummary: string;
  readonly toolCount: number;
  readonly requestTimeoutMs: number;
  readonly supportsParallelToolCalls: boolean;
  /** OpenClaw applies both to the tools that it makes itself of a server's resources and prompts; 2026.9.6. */
  readonly toolFilter?: ToolFilter | undefined;
  readonly deniedToolNames?: readonly string[] | undefined;
  /** Whether a call is asked for: `auto`, `prompt` or `approve`; 2026.9.6. */
  readonly codexApprovalMode?: string | undefined;
  readonly resources?: { readonly listChanged: boolean } | undefined;
  readonly prompts?: { readonly listChanged: boolean } | undefined;
  readonly tools?: { readonly listChanged: boolean } | undefined;
}

/** Why a server has no tools. */
export interface McpCatalogDiagnostic {
  readonly serverName: string;
  readonly safeServerName: string;
  readonly launchSummary: string;
  readonly message: string;
}

/** The tools of a session, as OpenClaw asks for them. */
export interface McpToolCatalog {
  readonly version: 1;
  readonly generatedAt: number;
  readonly servers: Readonly<Record<string, McpCatalogServer>>;
  readonly tools: readonly McpCatalogTool[];
  /** The tools with those that are hidden from the model; 2026.9.6. */
  readonly policyTools?: readonly McpCatalogTool[] | undefined;
  readonly sessionDeniedTools?: readonly McpCatalogTool[] | undefined;
  readonly diagnostics?: readonly McpCatalogDiagnostic[] | undefined;
}
