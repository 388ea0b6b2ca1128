import { Ajv } from "ajv";
import { expect, it } from "vitest";
import { readServers } from "../../src/config/read-servers.js";
import { serversSchema } from "./servers-schema.js";

// After a change of the configuration: npm run docs:schema
it("should be published as it is now", async () => {
  await expect(`${JSON.stringify(serversSchema(), null, 2)}\n`).toMatchFileSnapshot(
    "../../docs/mcp-servers.schema.json",
  );
});

const validate = new Ajv({ strict: false }).compile(serversSchema());
const command = { command: "node" };
const url = { url: "https://example.com/mcp" };
const files: readonly [verdict: "right" | "wrong", file: unknown][] = [
  ["right", { mcpServers: {} }],
  ["right", { $schema: "x", inputs: [], mcpServers: { a: command, b: url } }],
  ["right", { mcpServers: { a: { ...command, args: ["x"], env: { A: "1" }, cwd: "/", type: "stdio" } } }],
  ["right", { mcpServers: { a: { ...command, lifecycle: { verifyMs: 1, restart: false, afterClose: command } } } }],
  ["right", { mcpServers: { a: { ...url, type: "streamable-http", headers: { A: "b" }, timeout: 5 } } }],
  ["right", { mcpServers: { a: { httpUrl: url.url, trust: true }, b: { serverUrl: url.url, transport: "sse" } } }],
  ["right", { mcpServers: { a: { disabled: true }, b: { ...command, disabled: false }, c: { enabled: false, x: 1 } } }],
  ["wrong", {}],
  ["wrong", []],
  ["wrong", { mcpServers: [] }],
  ["wrong", { servers: {} }],
  ["wrong", { mcpServers: { a: {} } }],
  ["wrong", { mcpServers: { a: { ...command, comand: "x" } } }],
  ["wrong", { mcpServers: { a: { ...command, ...url } } }],
  ["wrong", { mcpServers: { a: { ...command, args: [1] } } }],
  ["wrong", { mcpServers: { a: { ...command, headers: {} } } }],
  ["wrong", { mcpServers: { a: { ...url, httpUrl: "https://example.com" } } }],
  ["wrong", { mcpServers: { a: { ...url, type: "ws" } } }],
  ["wrong", { mcpServers: { a: { ...command, disabled: "yes" } } }],
  ["wrong", { mcpServers: { a: { ...command, lifecycle: { verifyMs: -1 } } } }],
  ["wrong", { mcpServers: { a: { ...command, lifecycle: { verifyMs: 2 ** 31 } } } }],
  ["wrong", { mcpServers: { a: { ...command, lifecycle: { restart: { limit: 0.5 } } } } }],
  ["wrong", { mcpServers: { a: { ...url, lifecycle: { afterClose: command } } } }],
];
it.each(files)("should call %s, as the check of the file does, %j", (verdict, file) => {
  const bySchema = validate(file) ? "right" : "wrong";
  const byReading = readServers(JSON.stringify(file), {}).problems.length === 0 ? "right" : "wrong";

  expect({ bySchema, byReading }).toEqual({ bySchema: verdict, byReading: verdict });
});
