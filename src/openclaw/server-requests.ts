import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { SessionMcpRuntime } from "./interface.js";

/** Sends a request of the protocol to a server of the session, and gives the answer. */
export type Ask = <T>(
  serverName: string,
  work: (client: Client, options: { timeout: number }) => Promise<T>,
) => Promise<T>;

type Requests = Pick<
  SessionMcpRuntime,
  "listTools" | "listResources" | "readResource" | "listResourceTemplates" | "listPrompts" | "getPrompt"
>;

/** What OpenClaw asks of servers beside their tools. */
export function serverRequests(ask: Ask): Requests {
  return {
    listTools: (server, params) => ask(server, (client, options) => client.listTools(params, options)),
    listResources: (server) =>
      ask(server, (client, options) =>
        allPages(async (cursor) => {
          const { resources: items, nextCursor } = await client.listResources(cursor, options);
          return { items, nextCursor };
        }),
      ),
    readResource: (server, uri) => ask(server, (client, options) => client.readResource({ uri }, options)),
    listResourceTemplates: (server, params) =>
      ask(server, (client, options) => client.listResourceTemplates(params, options)),
    listPrompts: (server) =>
      ask(server, (client, options) =>
        allPages(async (cursor) => {
          const { prompts: items, nextCursor } = await client.listPrompts(cursor, options);
          return { items, nextCursor };
        }),
      ),
    getPrompt: (server, name, args) =>
      ask(server, (client, options) => client.getPrompt({ name, ...(args && { arguments: { ...args } }) }, options)),
  };
}

// OpenClaw's own bound.
const mostPages = 128;

async function allPages<T>(
  page: (cursor: { cursor: string } | undefined) => Promise<{ items: T[]; nextCursor?: string | undefined }>,
): Promise<T[]> {
  const all: T[] = [];
  let cursor: string | undefined;
  for (let count = 0; count < mostPages; count += 1) {
    const { items, nextCursor } = await page(cursor === undefined ? undefined : { cursor });
    all.push(...items);
    if (nextCursor === undefined || nextCursor === cursor) break;
    cursor = nextCursor;
  }
  return all;
}
