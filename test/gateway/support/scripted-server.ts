import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { Request, Result, ServerCapabilities } from "@modelcontextprotocol/sdk/types.js";
import type { InMemoryServerConfig, LifecycleOptions } from "../../../src/config/index.js";

/** Answers by method; what it is given beside the request lets it ask and tell. */
export type Script = Readonly<
  Record<string, (params: Record<string, unknown>, server: Server, signal: AbortSignal) => unknown>
>;

export interface ScriptedServer {
  readonly config: InMemoryServerConfig;
  /** Every request that came, but for those that open a connection. */
  readonly asked: readonly Request[];
  /** What it was told. */
  readonly told: readonly string[];
  /** The servers that were made, one a connection; the last one serves. */
  readonly made: readonly Server[];
}

/** A server in this process that does what a test says, with fields that no schema knows. */
export function scriptedServer(
  script: Script,
  { capabilities, lifecycle }: { capabilities?: ServerCapabilities; lifecycle?: LifecycleOptions } = {},
): ScriptedServer {
  const asked: Request[] = [];
  const told: string[] = [];
  const made: Server[] = [];
  const everything = {
    tools: { listChanged: true },
    prompts: {},
    resources: { subscribe: true },
    logging: {},
    completions: {},
  };
  const createServer = () => {
    const server = new Server({ name: "scripted", version: "1.0.0" }, { capabilities: capabilities ?? everything });
    const answer = async ({ method, params }: Request, { signal }: { signal: AbortSignal }) => {
      asked.push({ method, params });
      const empty = empties[method];
      return ((await script[method]?.(params ?? {}, server, signal)) ?? empty ?? {}) as Result;
    };
    server.removeRequestHandler("logging/setLevel");
    server.fallbackRequestHandler = answer;
    server.fallbackNotificationHandler = ({ method }) => Promise.resolve(void told.push(method));
    made.push(server);
    return server;
  };
  return { config: { type: "in-memory", createServer, lifecycle }, asked, told, made };
}

const empties: Readonly<Record<string, object>> = {
  "tools/list": { tools: [] },
  "prompts/list": { prompts: [] },
  "resources/list": { resources: [] },
  "resources/templates/list": { resourceTemplates: [] },
};

/** Text as a tool's result. */
export const text = (value: string) => ({ content: [{ type: "text", text: value }] });

/** A tool as it is listed. */
export const tool = (name: string) => ({ name, inputSchema: { type: "object" } });
