import type { ShutdownReport } from "../../supervisor/face.js";
import { receiptText } from "../receipt-text.js";

/** What a gateway says when it serves: where, what, and how to connect. */
export function welcome(gateway: {
  readonly url: URL;
  readonly servers: readonly string[];
  readonly isEmbedded: boolean;
  readonly needsToken: boolean;
  readonly metrics: boolean;
}): string {
  const { url, servers, isEmbedded, needsToken, metrics } = gateway;
  const whose = isEmbedded ? " (installed reference servers; yours: --config mcp.json)" : "";
  const header = needsToken ? ' --header "Authorization: Bearer $MCP_LIFECYCLE_TOKEN"' : "";
  return `mcp-lifecycle gateway

  MCP       ${url.href}  (Streamable HTTP)
  page      ${new URL("/", url).href}
  sessions  ${new URL("/sessions", url).href}${metrics ? `\n  metrics   ${new URL("/metrics", url).href}` : ""}
  servers   ${servers.join(", ")}${whose}
  token     ${needsToken ? "needed: Authorization: Bearer <token>" : "none"}

Connect a client, for instance:
  claude mcp add --transport http gateway ${url.href}${header}
  npx @modelcontextprotocol/inspector --cli ${url.href} --transport http --method tools/list${header}

Ctrl-C ends every session and reports.
`;
}

/** What a shutdown came to. */
export function report({ closed, forced, leaked, receipts }: ShutdownReport, signal: string | undefined): string {
  const why = signal === undefined ? "" : `${signal}: `;
  const count = receipts.length === 1 ? "1 session was open" : `${receipts.length} sessions were open`;
  const lines = receipts.map((receipt) => receiptText(receipt));
  return [
    `\n${why}${count}; servers closed ${closed}, ${forced} of them by SIGKILL; leaked ${leaked}`,
    ...lines,
    "",
  ].join("\n");
}
