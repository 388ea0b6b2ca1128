import { ResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { isLifecycleError } from "../../errors/index.js";
import { type Cursors, decodeCursor, encodeCursor } from "./cursor.js";
import type { Capability, Result, Upstreams } from "./upstreams.js";

/** What can be listed. */
export interface ListKind {
  readonly method: "tools/list" | "prompts/list" | "resources/list" | "resources/templates/list";
  readonly capability: Capability;
  /** The field of the result that has the items. */
  readonly field: "tools" | "prompts" | "resources" | "resourceTemplates";
}

export const listKinds = {
  tools: { method: "tools/list", capability: "tools", field: "tools" },
  prompts: { method: "prompts/list", capability: "prompts", field: "prompts" },
  resources: { method: "resources/list", capability: "resources", field: "resources" },
  templates: { method: "resources/templates/list", capability: "resources", field: "resourceTemplates" },
} as const satisfies Record<string, ListKind>;

/** One item of one server. */
export interface Listed {
  readonly server: string;
  readonly item: Result;
}

/** A page: one page of every server that has one, side by side, in the order of the configuration. */
export interface ListPage {
  readonly items: readonly Listed[];
  readonly nextCursor: string | undefined;
}

export interface ListAsk {
  /** As the client sent it. */
  readonly cursor?: unknown;
  readonly signal: AbortSignal;
  /** Told of each server that could not be listed; its items are missing, the others' are there. */
  readonly onFailure: (server: string, error: unknown) => void;
}

export interface ListRequest extends ListAsk {
  readonly kind: ListKind;
}

/** Lists what all servers have, and opens them for it. Rejects if none could be listed, or the session ended. */
export async function listPage(upstreams: Upstreams, request: ListRequest): Promise<ListPage> {
  const cursors = decodeCursor(request.cursor);
  const servers = upstreams.names.filter((server) => cursors === undefined || Object.hasOwn(cursors, server));
  const pages = await Promise.all(servers.map((server) => pageOf(upstreams, server, { ...request, cursors })));
  const failures = pages.filter((page) => "error" in page);
  for (const { server, error } of failures) {
    if (isOver(error)) throw error;
    request.onFailure(server, error);
  }
  const [failure] = failures;
  if (failure !== undefined && failures.length === pages.length) throw failure.error;
  const listed = pages.filter((page) => "items" in page);
  const next = listed.flatMap(({ server, next: cursor }) => (cursor === undefined ? [] : [[server, cursor] as const]));
  return {
    items: listed.flatMap(({ server, items }) => items.map((item) => ({ server, item }))),
    nextCursor: encodeCursor(Object.fromEntries(next)),
  };
}

/** Every page, for those who have to know all names. */
export async function listAll(upstreams: Upstreams, request: ListRequest): Promise<readonly Listed[]> {
  const items: Listed[] = [];
  let { cursor } = request;
  for (let page = 0; page < maxPages; page += 1) {
    const { items: more, nextCursor } = await listPage(upstreams, { ...request, cursor });
    items.push(...more);
    if (nextCursor === undefined) break;
    cursor = nextCursor;
  }
  return items;
}

/** A server whose pages never end is not to keep its client waiting for ever. */
const maxPages = 1_000;

type ServerPage =
  | { readonly server: string; readonly items: readonly Result[]; readonly next: string | undefined }
  | { readonly server: string; readonly error: unknown };

async function pageOf(
  upstreams: Upstreams,
  server: string,
  { kind, cursors, signal }: ListRequest & { cursors: Cursors | undefined },
): Promise<ServerPage> {
  try {
    return await upstreams.with(server, signal, async (client, options) => {
      if (client.getServerCapabilities()?.[kind.capability] === undefined)
        return { server, items: [], next: undefined };
      const cursor = cursors?.[server];
      const params = cursor === undefined ? {} : { cursor };
      const result = await client.request({ method: kind.method, params }, ResultSchema, options);
      const { nextCursor } = result;
      const next = typeof nextCursor === "string" ? nextCursor : undefined;
      return { server, items: itemsOf(result[kind.field]), next };
    });
  } catch (error) {
    return { server, error };
  }
}

function itemsOf(value: unknown): readonly Result[] {
  return Array.isArray(value) ? value.filter((item): item is Result => typeof item === "object" && item !== null) : [];
}

/** Not one server failed, but the session is over. */
function isOver(error: unknown): boolean {
  return isLifecycleError(error) && (error.code === "SESSION_ENDED" || error.code === "SHUTDOWN");
}
