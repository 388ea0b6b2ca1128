import { createHash } from "node:crypto";
import { type HttpServerConfig, parseServers, type ServerConfig, type StdioServerConfig } from "../config/index.js";
import type { TreeLifecycleOptions } from "../config/index.js";
import { isRecord } from "../config/record.js";
import { ConfigError, messageOf } from "../errors/index.js";
import type { ToolFilter } from "./catalog-interface.js";
import type { RuntimeRequest } from "./interface.js";
import { redactCommandLine, redactUrls } from "./redact.js";
import { safeServerNames } from "./safe-names.js";
import { type Fields, mapOf, positiveNumber, stringsOf, textOf } from "./raw-config.js";
import { whyUnsupported } from "./unsupported-servers.js";

/** Which of OpenClaw's interfaces a request came by; its rules differ. */
export type Dialect = "getOrCreate" | "acquire";

/** A server of OpenClaw's configuration, as this library opens it. */
export interface ReadServer {
  readonly name: string;
  readonly safeName: string;
  readonly config: ServerConfig;
  /** What it is started by, without secrets. */
  readonly summary: string;
  readonly requestTimeoutMs: number;
  readonly supportsParallelToolCalls: boolean;
  /** Patterns of tools to show and to hide; 2026.9.6. */
  readonly toolFilter: ToolFilter;
  readonly deniedTools: readonly string[];
  /** As it is configured; 2026.9.6. */
  readonly codexApprovalMode: string | undefined;
}

export interface ServersRead {
  readonly servers: readonly ReadServer[];
  /** Servers that cannot be opened as they are configured. */
  readonly skipped: readonly { readonly name: string; readonly why: string }[];
  /** The same for two configurations that mean the same servers. */
  readonly fingerprint: string;
}

const defaultConnectTimeoutMs = 30_000;
const defaultRequestTimeoutMs = 60_000;

/** Reads OpenClaw's `mcp.servers`; what is wrong with one server is no reason to lose the others. */
export function readServers(
  request: RuntimeRequest,
  { dialect, lifecycle }: { dialect: Dialect; lifecycle: TreeLifecycleOptions },
): ServersRead {
  const configured = Object.entries(request.cfg?.mcp?.servers ?? {});
  const wanted = configured.filter(([name, raw]) => isRecord(raw) && isEnabled(name, raw, { request, dialect }));
  const names = safeServerNames(
    wanted.map(([name]) => name),
    { startWithLetter: dialect === "acquire" },
  );
  const servers: ReadServer[] = [];
  const skipped: { name: string; why: string }[] = [];
  for (const [name, raw] of wanted) {
    try {
      const server = readServer(raw as Fields, { name, safeName: names.get(name) ?? name, dialect, lifecycle });
      const denied = request.toolOverrides?.mcpToolsDeny;
      servers.push({ ...server, deniedTools: denied && Object.hasOwn(denied, name) ? (denied[name] ?? []) : [] });
    } catch (error) {
      skipped.push({ name, why: redactUrls(messageOf(error)) });
    }
  }
  return { servers, skipped, fingerprint: createHash("sha256").update(JSON.stringify(servers)).digest("hex") };
}

function isEnabled(name: string, raw: Fields, { request, dialect }: { request: RuntimeRequest; dialect: Dialect }) {
  if (dialect === "getOrCreate") return true;
  const overrides = request.toolOverrides?.mcpServers;
  const override = overrides && Object.hasOwn(overrides, name) ? overrides[name] : undefined;
  return override ?? raw["enabled"] !== false;
}

interface Reading {
  readonly name: string;
  readonly safeName: string;
  readonly dialect: Dialect;
  readonly lifecycle: TreeLifecycleOptions;
}

/** Throws `ConfigError` where it cannot be opened as it is. */
function readServer(raw: Fields, { name, safeName, dialect, lifecycle }: Reading): Omit<ReadServer, "deniedTools"> {
  const requestTimeoutMs = positiveNumber(raw["requestTimeoutMs"]) ?? defaultRequestTimeoutMs;
  const graces = {
    ...lifecycle,
    connectTimeoutMs: positiveNumber(raw["connectionTimeoutMs"]) ?? defaultConnectTimeoutMs,
    callTimeoutMs: requestTimeoutMs,
  };
  const source = `mcp.servers.${name}`;
  const unsupported = whyUnsupported(raw);
  if (unsupported !== undefined)
    throw new ConfigError(source, `${unsupported}; restart the gateway, and it opens all servers itself`);
  const launch = textOf(raw["command"]) === undefined ? httpServer(raw, dialect) : stdioServer(raw, dialect);
  const { [safeName]: config } = parseServers({ [safeName]: { ...launch.config, lifecycle: graces } }, { source });
  const filter = isRecord(raw["toolFilter"]) ? raw["toolFilter"] : {};
  const codex = isRecord(raw["codex"]) ? raw["codex"] : {};
  return {
    name,
    safeName,
    config: config as ServerConfig,
    summary: launch.summary,
    requestTimeoutMs,
    supportsParallelToolCalls: raw["supportsParallelToolCalls"] === true,
    toolFilter: { include: stringsOf(filter["include"]) ?? [], exclude: stringsOf(filter["exclude"]) ?? [] },
    codexApprovalMode: [codex["defaultToolsApprovalMode"], codex["default_tools_approval_mode"]].find(isApprovalMode),
  };
}

function isApprovalMode(value: unknown): value is string {
  return value === "auto" || value === "prompt" || value === "approve";
}

interface Launch {
  readonly config: Omit<StdioServerConfig, "lifecycle"> | Omit<HttpServerConfig, "lifecycle">;
  readonly summary: string;
}

function stdioServer(raw: Fields, dialect: Dialect): Launch {
  const command = textOf(raw["command"]) ?? "";
  const args = stringsOf(raw["args"]);
  const cwd = textOf(raw["cwd"]) ?? textOf(raw["workingDirectory"]);
  const env = mapOf(raw["env"], (name) => dialect === "acquire" && isLoaderVariable(name));
  const place = cwd === undefined ? "" : ` (cwd=${cwd})`;
  return { config: { command, args, env, cwd }, summary: redactCommandLine([command, ...(args ?? [])]) + place };
}

function httpServer(raw: Fields, dialect: Dialect): Launch {
  const transport = (
    textOf(raw["transport"]) ??
    (dialect === "acquire" ? textOf(raw["type"]) : undefined) ??
    "sse"
  ).toLowerCase();
  const isStreamable = transport === "streamable-http" || (dialect === "acquire" && transport === "http");
  const url = textOf(raw["url"])?.trim() ?? "";
  return {
    config: { type: isStreamable ? "http" : "sse", url, headers: mapOf(raw["headers"]) },
    summary: redactUrls(url),
  };
}

/** Variables by which a loader or an interpreter runs other code than the configured command; OpenClaw 2026.9.6 hands none of them on. */
function isLoaderVariable(name: string): boolean {
  return /^(LD_|DYLD_|NODE_OPTIONS$|NODE_PATH$|PYTHONSTARTUP$|PYTHONPATH$|BASH_ENV$|ENV$|PERL5OPT$|RUBYOPT$)/i.test(
    name,
  );
}
