import * as z from "zod";
import { expandVariables, type Environment } from "./expand-variables.js";
import { ignoredFileFields, withoutForeignFields } from "./foreign-fields.js";
import { type Place, readJson } from "./json-text.js";
import { checkServers } from "./parse-servers.js";
import { fieldPath, type Problem, problemsOf } from "./problem.js";
import { isRecord } from "./record.js";
import type { ServerMap } from "./server-config.js";
import { strict } from "./strict.js";

/** What a file with servers says. */
export interface ServersReading {
  /** Those that are right and not disabled. */
  readonly servers: ServerMap;
  readonly disabled: readonly string[];
  /** With one of these the file cannot be used. */
  readonly problems: readonly Finding[];
  /** What stands in the file and is not done. */
  readonly warnings: readonly Finding[];
  /** What the environment put into it: never to be printed. */
  readonly secrets: readonly string[];
}

/** One thing to say about a file. No text holds a value. */
export interface Finding extends Place {
  /** Path of the field, as in `mcpServers.files.args[1]`; absent where the text is no JSON. */
  readonly field?: string | undefined;
  readonly text: string;
}

/** Reads the ecosystem's format, `{"mcpServers": {…}}`, as JSON with comments and trailing commas. Never throws. */
export function readServers(text: string, environment: Environment): ServersReading {
  const document = readJson(text);
  if ("problem" in document) {
    const { problem, ...place } = document;
    return { servers: {}, disabled: [], problems: [{ ...place, text: problem }], warnings: [], secrets: [] };
  }
  const file = readFields(document.value);
  const entries = Object.entries(file.servers).map(([name, raw]) => ({ name, ...readServer(name, raw, environment) }));
  const used = entries.filter(({ isDisabled }) => !isDisabled);
  const checked = checkServers(Object.fromEntries(used.map(({ name, server }) => [name, server])), {
    source: "mcpServers",
    mode: "file",
  });
  const found = used.flatMap(({ problems }) => problems);
  const placed = ({ path, text: what }: Problem): Finding => ({
    ...document.placeOf(path),
    field: fieldPath(path),
    text: what,
  });
  return {
    servers: checked.servers,
    disabled: entries.filter(({ isDisabled }) => isDisabled).map(({ name }) => name),
    problems: [
      ...file.problems.map(placed),
      ...[...unlessFound(checked.problems, found), ...found].map(placed).toSorted(byPlace),
    ],
    warnings: [...file.warnings, ...used.flatMap(({ warnings }) => warnings)].map(placed).toSorted(byPlace),
    secrets: entries.flatMap(({ secrets }) => secrets),
  };
}

const serversByName = z.record(z.string(), z.unknown(), {
  error: ({ input }) => (input === undefined ? undefined : "must be an object: servers by name"),
});
const fileSchema = strict({ mcpServers: serversByName, $schema: z.unknown().optional() });

function readFields(value: unknown) {
  const fields = Object.entries(isRecord(value) ? value : {});
  const foreign = fields.filter(([name]) => Object.hasOwn(ignoredFileFields, name)).map(([name]) => name);
  const rest = Object.fromEntries(fields.filter(([name]) => !foreign.includes(name)));
  const result = fileSchema.safeParse(isRecord(value) ? rest : value);
  return {
    servers: result.data?.mcpServers ?? {},
    problems: problemsOf(result.error?.issues ?? [], []).map(inWords),
    warnings: foreign.map((name): Problem => ({ path: [name], text: `ignored: ${ignoredFileFields[name]}` })),
  };
}

/** What is wrong with the file as a whole has no path. */
function inWords({ path, text }: Problem): Problem {
  if (path.length === 0) return { path: ["mcpServers"], text: `is missing: the file must be {"mcpServers": {…}}` };
  if (path[0] === "servers") return { path, text: "unknown field; here it is mcpServers" };
  return { path, text };
}

function readServer(name: string, raw: unknown, environment: Environment) {
  const path = ["mcpServers", name];
  if (!isRecord(raw)) return { isDisabled: false, server: raw, problems: [], warnings: [], secrets: [] };
  const native = withoutForeignFields(raw, path);
  if (native.isDisabled) return { ...native, secrets: [] };
  const { value: server, problems, secrets } = expandVariables(native.server, path, environment);
  return { ...native, server, problems: [...native.problems, ...problems], secrets };
}

/** A variable that is not set leaves a text empty, which may be wrong too: once is enough. */
function unlessFound(problems: readonly Problem[], found: readonly Problem[]): Problem[] {
  const fields = new Set(found.map(({ path }) => fieldPath(path)));
  return problems.filter(({ path }) => !fields.has(fieldPath(path)));
}

function byPlace(a: Place, b: Place): number {
  return a.line - b.line || a.column - b.column;
}
