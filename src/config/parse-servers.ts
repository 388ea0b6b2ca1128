import { didYouMean } from "./did-you-mean.js";
import { fieldPath, type Problem, problemsOf, throwProblems } from "./problem.js";
import { isRecord } from "./record.js";
import type { ServerConfig, ServerMap } from "./server-config.js";
import { nameProblems } from "./server-names.js";
import { httpSchemas, inMemorySchema, type SchemaMode, stdioSchemas } from "./server-schema.js";

/** How a map of servers was given. */
export interface ParseServersOptions {
  /** Where the map stands; the fields that errors name begin with it. Default `servers`. */
  readonly source?: string | undefined;
  /** `file` knows no functions and no objects of a program. Default `code`. */
  readonly mode?: SchemaMode | undefined;
}

/**
 * Checks a map of servers and gives a copy of it, `streamable-http` being `http`. Throws one `ConfigError` for everything that is wrong
 * with it. No message holds a value of `env`, `headers` or `url`.
 */
export function parseServers(
  value: unknown,
  { source = "servers", mode = "code" }: ParseServersOptions = {},
): ServerMap {
  const { servers, problems } = checkServers(value, { source, mode });
  throwProblems(problems);
  return servers;
}

/** The servers of a map that are right, and everything that is wrong with the others. */
export function checkServers(
  value: unknown,
  { source = "servers", mode = "code" }: ParseServersOptions = {},
): { readonly servers: ServerMap; readonly problems: readonly Problem[] } {
  if (!isRecord(value)) {
    return { servers: {}, problems: [{ path: [source], text: "must be an object: servers by name" }] };
  }
  const parsed = Object.entries(value).map(([name, raw]) => ({ name, ...parseServer(raw, [source, name], mode) }));
  const problems = [...nameProblems([source], Object.keys(value)), ...parsed.flatMap((server) => server.problems)];
  const right = parsed.filter(({ config }) => config !== undefined);
  return { servers: Object.fromEntries(right.map(({ name, config }) => [name, config as ServerConfig])), problems };
}

interface ParsedServer {
  readonly config?: unknown;
  readonly problems: readonly Problem[];
}

function parseServer(raw: unknown, path: readonly string[], mode: SchemaMode): ParsedServer {
  if (!isRecord(raw)) return { problems: [{ path, text: "must be an object: a server with a command or a url" }] };
  const kind = kindOf(raw, path, mode);
  if ("text" in kind) return { problems: [kind] };
  const result = kind.schema.safeParse(raw.type === "streamable-http" ? { ...raw, type: "http" } : raw);
  if (!result.success) return { problems: problemsOf(result.error.issues, path) };
  return { config: result.data, problems: maxDelayProblem(result.data.lifecycle, path) };
}

type Kind =
  { readonly schema: (typeof stdioSchemas | typeof httpSchemas)[SchemaMode] | typeof inMemorySchema } | Problem;

/** The kind decides which fields are known, so it is settled before any of them is looked at. */
function kindOf(raw: Readonly<Record<string, unknown>>, path: readonly string[], mode: SchemaMode): Kind {
  const { type, command, url } = raw;
  if (command !== undefined && url !== undefined) {
    return { path: [...path, "url"], text: "a server has a command or a url, not both" };
  }
  if (type === "in-memory" && mode === "code") return { schema: inMemorySchema };
  if (type === "stdio") return { schema: stdioSchemas[mode] };
  if (type === "http" || type === "streamable-http" || type === "sse") return { schema: httpSchemas[mode] };
  if (type !== undefined) return { path: [...path, "type"], text: `must be one of ${types[mode].join(", ")}` };
  if (url !== undefined) return { schema: httpSchemas[mode] };
  if (command !== undefined) return { schema: stdioSchemas[mode] };
  return { path, text: `has neither a command nor a url${misspelt(Object.keys(raw))}` };
}

/** Nothing else says that a field is unknown where the kind of the server is not. */
function misspelt(fields: readonly string[]): string {
  const hints = fields.map((field) => ({ field, hint: didYouMean(field, ["command", "url"]) }));
  const first = hints.find(({ hint }) => hint !== "");
  return first === undefined ? "" : first.hint.replace("?", ` where it says ${first.field}?`);
}

const fileTypes = ["stdio", "http", "streamable-http", "sse"];
const types = { file: fileTypes, code: [...fileTypes, "in-memory"] };

function maxDelayProblem(lifecycle: { restart?: unknown } | undefined, path: readonly string[]): Problem[] {
  const { initialDelayMs, maxDelayMs } = isRecord(lifecycle?.restart) ? lifecycle.restart : {};
  if (typeof initialDelayMs !== "number" || typeof maxDelayMs !== "number" || initialDelayMs <= maxDelayMs) return [];
  const restart = [...path, "lifecycle", "restart"];
  return [{ path: [...restart, "maxDelayMs"], text: `must not be below ${fieldPath([...restart, "initialDelayMs"])}` }];
}
