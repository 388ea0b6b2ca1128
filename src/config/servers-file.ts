import { readFile } from "node:fs/promises";
import * as z from "zod";
import { ConfigError } from "../errors/index.js";
import { findJsonFault } from "./json-text.js";
import { parseServers } from "./parse-servers.js";
import { problemsOf, throwProblems } from "./problem.js";
import type { ServerMap } from "./server-config.js";
import { strict } from "./strict.js";

/**
 * Reads a file in the ecosystem's format, `{"mcpServers": {…}}`. Rejects with `ConfigError`: its `field` is the file's name where it cannot be
 * read or is no JSON, else the field's path.
 */
export async function loadServersFile(path: string): Promise<ServerMap> {
  const content = parseJson(path, await readText(path));
  const result = fileSchema.safeParse(content);
  throwProblems(problemsOf(result.error?.issues ?? [], []), path);
  return parseServers(result.data?.mcpServers, { source: "mcpServers", mode: "file", file: path });
}

const fileSchema = strict({ mcpServers: z.unknown(), $schema: z.unknown().optional() });

async function readText(path: string): Promise<string> {
  try {
    const text = await readFile(path, "utf8");
    return text.replace(/^\uFEFF/, "");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new ConfigError(path, `cannot be read: ${readProblems[code] ?? code}`, error);
  }
}

const readProblems: Readonly<Record<string, string>> = {
  ENOENT: "no such file",
  EISDIR: "it is a folder",
  EACCES: "permission denied",
};

function parseJson(path: string, text: string): unknown {
  const fault = findJsonFault(text);
  if (fault !== undefined) {
    throw new ConfigError(path, `line ${fault.line}, column ${fault.column}: ${fault.problem}`);
  }
  return JSON.parse(text);
}
