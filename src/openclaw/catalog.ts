import type { LifecycleError } from "../errors/index.js";
import type { ToolDescription } from "../ports/index.js";
import type { McpCatalogTool, McpToolCatalog } from "./catalog-interface.js";
import type { ReadServer } from "./read-servers.js";
import { redactUrls } from "./redact.js";
import { isShown } from "./tool-filter.js";

/** What a server said it can do, beyond what its tools are. */
export type ServerCapabilities = Readonly<
  Partial<Record<"tools" | "resources" | "prompts", { readonly listChanged: boolean }>>
>;

/** What a session's servers answered. */
export interface Answers {
  /** By the safe name of their server. */
  readonly tools: ReadonlyMap<string, readonly ToolDescription[]>;
  readonly failures: ReadonlyMap<string, LifecycleError>;
  readonly capabilities: ReadonlyMap<string, ServerCapabilities>;
}

/** A catalogue in OpenClaw's shape. */
export function toCatalog(servers: readonly ReadServer[], answers: Answers, generatedAt: number): McpToolCatalog {
  const parts = servers.flatMap((server) => {
    const tools = answers.tools.get(server.safeName);
    return tools === undefined ? [] : [{ server, ...sortTools(server, tools) }];
  });
  const diagnostics = servers.flatMap((server) => {
    const failure = answers.failures.get(server.safeName);
    return failure === undefined ? [] : [{ ...namesOf(server), message: redactUrls(failure.message) }];
  });
  return {
    version: 1,
    generatedAt,
    servers: Object.fromEntries(
      parts.map(({ server, shown }) => [
        server.name,
        {
          ...namesOf(server),
          toolCount: shown.length,
          requestTimeoutMs: server.requestTimeoutMs,
          supportsParallelToolCalls: server.supportsParallelToolCalls,
          toolFilter: server.toolFilter,
          deniedToolNames: server.deniedTools,
          codexApprovalMode: server.codexApprovalMode,
          ...answers.capabilities.get(server.safeName),
        },
      ]),
    ),
    tools: parts.flatMap(({ shown }) => shown),
    policyTools: parts.flatMap(({ shown, denied, hidden }) => [
      ...shown,
      ...denied.map((tool) => ({ ...tool, deniedBySession: true })),
      ...hidden.map((tool) => ({ ...tool, excludedFromOpenClawCatalog: true })),
    ]),
    sessionDeniedTools: parts.flatMap(({ denied }) => denied.map((tool) => ({ ...tool, deniedBySession: true }))),
    ...(diagnostics.length > 0 && { diagnostics }),
  };
}

function namesOf({ name, safeName, summary }: ReadServer) {
  return { serverName: name, safeServerName: safeName, launchSummary: summary };
}

function sortTools(server: ReadServer, tools: readonly ToolDescription[]) {
  const entries = tools.flatMap((tool) => (tool.name.trim() === "" ? [] : [toEntry(server, tool)]));
  const visible = entries.filter(({ toolName }) => isShown(server.toolFilter, toolName));
  const isDenied = ({ toolName }: McpCatalogTool) => server.deniedTools.includes(toolName);
  return {
    shown: visible.filter((tool) => !isDenied(tool)),
    denied: visible.filter(isDenied),
    hidden: entries.filter((tool) => !visible.includes(tool)),
  };
}

/** What a server may say of a tool beside what the library needs. */
type SaidOfTool = ToolDescription & {
  readonly title?: string;
  readonly annotations?: Readonly<Record<string, unknown>>;
};

function toEntry(server: ReadServer, tool: SaidOfTool): McpCatalogTool {
  const description = tool.description?.trim();
  return {
    serverName: server.name,
    safeServerName: server.safeName,
    toolName: tool.name.trim(),
    title: tool.title,
    description: description === "" ? undefined : description,
    inputSchema: tool.inputSchema,
    fallbackDescription: `Provided by bundle MCP server "${server.name}" (${server.summary}).`,
    codexAnnotations: hintsOf(tool.annotations),
  };
}

function hintsOf(annotations: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, boolean>> {
  const hints = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"].flatMap((name) => {
    const hint = annotations[name];
    return typeof hint === "boolean" ? [[name, hint] as const] : [];
  });
  return Object.fromEntries(hints);
}
