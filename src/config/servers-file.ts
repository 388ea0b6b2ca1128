import { readFile } from "node:fs/promises";
import { ConfigError } from "../errors/index.js";
import type { Environment } from "./expand-variables.js";
import type { Finding, ServersReading } from "./read-servers.js";
import type { ServerMap } from "./server-config.js";

/** How a file with servers is read. */
export interface ServersFileOptions {
  /** Where `${NAME}` is looked up. Default `process.env`. */
  readonly environment?: Environment | undefined;
  /** Told what stands in the file and is not done: fields of other programs. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

/**
 * Reads a file in the ecosystem's format, `{"mcpServers": {…}}`; see `docs/configuration.md`. Rejects with one `ConfigError` for everything that
 * is wrong with it: its `field` is the file's name where it cannot be read or is no JSON, else the first field's path. No message holds a value.
 *
 * @example
 * const supervisor = createSupervisor({ servers: await loadServersFile("mcp.json") });
 */
export async function loadServersFile(path: string, options: ServersFileOptions = {}): Promise<ServerMap> {
  const { servers, problems, warnings } = await readServersFile(path, options);
  throwFindings(path, problems);
  for (const warning of warnings) options.onWarning?.(findingText(path, warning));
  return servers;
}

/** Reads such a file and says everything that is wrong with it. Rejects with `ConfigError` where it cannot be read. */
export async function readServersFile(
  path: string,
  { environment = process.env }: Pick<ServersFileOptions, "environment"> = {},
): Promise<ServersReading> {
  const text = await readText(path);
  // The parser is for those who have such a file; a host that configures in code does not load it.
  const { readServers } = await import("./read-servers.js");
  return readServers(text, environment);
}

/** The text of a file, without a byte order mark. Rejects with `ConfigError`, whose `field` is the file's name. */
export async function readText(path: string): Promise<string> {
  try {
    const text = await readFile(path, "utf8");
    return text.replace(/^\uFEFF/, "");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new ConfigError(path, `cannot be read: ${readProblems[code] ?? code}`, error);
  }
}

/** Throws one `ConfigError` for all problems of a file, if there are any. */
export function throwFindings(path: string, [first, ...others]: readonly Finding[]): void {
  if (first === undefined) return;
  const place = ({ line, column }: Finding) => (first.field === undefined ? "" : ` (in ${path}:${line}:${column})`);
  const more = others.map((finding) => `\n${finding.field}: ${finding.text}${place(finding)}`).join("");
  if (first.field !== undefined) throw new ConfigError(first.field, first.text + place(first) + more);
  throw new ConfigError(path, `line ${first.line}, column ${first.column}: ${first.text}`);
}

/** A finding on one line, as compilers write them: `mcp.json:3:5: mcpServers.files.args: expected array`. */
export function findingText(path: string, { line, column, field, text }: Finding): string {
  return `${path}:${line}:${column}: ${field === undefined ? "" : `${field}: `}${text}`;
}

const readProblems: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
};
