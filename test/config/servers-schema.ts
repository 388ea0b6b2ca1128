import { readFileSync } from "node:fs";
import * as z from "zod";
import { aliases, ignoredFileFields, ignoredServerFields, switches } from "../../src/config/foreign-fields.js";
import { resolveLifecycle } from "../../src/config/index.js";
import { httpSchemas, stdioSchemas } from "../../src/config/server-schema.js";

/** A JSON schema, as far as it is looked into here. */
interface Schema {
  [keyword: string]: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
}

/**
 * The JSON schema of a file with servers, for editors: made of the schemas that check the file, described by the docstrings of the types. Draft 7,
 * because editors know no later one well.
 */
export function serversSchema(): Schema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "MCP servers, as mcp-lifecycle reads them",
    type: "object",
    properties: {
      $schema: { type: "string" },
      mcpServers: {
        description: "Servers by name. In every text ${NAME} and ${NAME:-default} stand for environment variables.",
        type: "object",
        additionalProperties: {
          if: isDisabled,
          else: {
            allOf: [
              { if: { not: hasCommand }, else: ref("process") },
              { if: hasCommand, else: ref("remote") },
            ],
          },
        },
      },
      ...ignored(ignoredFileFields),
    },
    required: ["mcpServers"],
    additionalProperties: false,
    definitions: { process: processSchema(), remote: remoteSchema() },
  };
}

const hasCommand = { required: ["command"] };
const isDisabled = {
  anyOf: [
    { properties: { disabled: { const: true } }, required: ["disabled"] },
    { properties: { enabled: { const: false } }, required: ["enabled"] },
  ],
};

function ref(definition: string): Schema {
  return { $ref: `#/definitions/${definition}` };
}

function processSchema(): Schema {
  const schema = described(stdioSchemas.file, "StdioServerConfig", "TreeLifecycleOptions");
  return { ...schema, properties: { ...schema.properties, ...foreign(), transport: { const: "stdio" } } };
}

function remoteSchema(): Schema {
  const { required: _url, ...schema } = described(httpSchemas.file, "HttpServerConfig", "LifecycleOptions");
  const type = { enum: ["http", "streamable-http", "streamableHttp", "streamable_http", "sse"] };
  const names = ["url", ...Object.keys(aliases).filter((alias) => aliases[alias] === "url")];
  const others = Object.fromEntries(names.slice(1).map((name) => [name, { type: "string", description: "The url." }]));
  return {
    ...schema,
    properties: { ...schema.properties, ...foreign(), ...others, type, transport: type },
    oneOf: names.map((name) => ({ required: [name] })),
  };
}

function foreign(): Record<string, Schema> {
  const used = Object.entries(switches).map(([name, description]) => [name, { type: "boolean", description }] as const);
  return { ...Object.fromEntries(used), ...ignored(ignoredServerFields) };
}

function ignored(fields: Readonly<Record<string, string>>): Record<string, Schema> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, why]) => [name, { description: `Ignored: ${why}.`, deprecated: true }]),
  );
}

function described(schema: z.ZodType, server: string, lifecycle: string): Schema {
  const { $schema: _draft, ...json } = z.toJSONSchema(schema, { target: "draft-7", io: "input" }) as Schema;
  const { properties: { lifecycle: block, ...fields } = {} } = json;
  const { restart, afterClose, ...graces } = withDocs(block?.properties ?? {}, lifecycle);
  const [off, options] = (restart?.["anyOf"] ?? []) as Schema[];
  const defaults = resolveLifecycle();
  const properties = withDefaults(graces, defaults);
  if (restart && options?.properties) {
    const restarts = withDefaults(withDocs(options.properties, "RestartOptions"), defaults.restart || {});
    properties["restart"] = { ...restart, anyOf: [off, { ...options, properties: restarts }] };
  }
  if (afterClose?.properties) {
    properties["afterClose"] = { ...afterClose, properties: withDocs(afterClose.properties, "AfterCloseOptions") };
  }
  return { ...json, properties: { ...withDocs(fields, server), lifecycle: { ...block, properties } } };
}

function withDefaults(fields: Record<string, Schema>, defaults: object): Record<string, Schema> {
  const known = new Map<string, unknown>(Object.entries(defaults));
  return Object.fromEntries(
    Object.entries(fields).map(([name, schema]) => [
      name,
      known.has(name) ? { ...schema, default: known.get(name) } : schema,
    ]),
  );
}

function withDocs(fields: Record<string, Schema>, type: string): Record<string, Schema> {
  const docs = docsOf(type);
  return Object.fromEntries(
    Object.entries(fields).map(([name, { maximum, ...schema }]) => [
      name,
      {
        ...(docs.has(name) && { description: docs.get(name) }),
        ...schema,
        ...(maximum === Number.MAX_SAFE_INTEGER ? {} : maximum === undefined ? {} : { maximum }),
      },
    ]),
  );
}

const source = readFileSync(new URL("../../src/config/server-config.ts", import.meta.url), "utf8");

/** The docstrings of a type's fields, those it inherits included. */
function docsOf(type: string): ReadonlyMap<string, string> {
  const [, parent, body = ""] =
    new RegExp(`export interface ${type}(?: extends (\\w+))? \\{\n(.*?)\n\\}`, "s").exec(source) ?? [];
  const own = [...body.matchAll(/\/\*\* (.*?) \*\/\s+readonly (\w+)\??:/gs)];
  const inherited = parent === undefined ? [] : docsOf(parent);
  return new Map([
    ...inherited,
    ...own.map(([, doc = "", name = ""]) => [name, doc.replaceAll(/\s+\*? ?/g, " ")] as const),
  ]);
}
