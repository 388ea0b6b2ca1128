import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { AjvJsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/ajv";
import type { JsonSchemaType, jsonSchemaValidator } from "@modelcontextprotocol/sdk/validation";
import { packageVersion } from "../config/package-version.js";
import type { McpClient } from "../ports/index.js";

/** An SDK client (v1) without capabilities: nobody of the host is there to answer the server's requests. */
export function createDefaultClient(): McpClient {
  return new Client({ name: "mcp-lifecycle", version: packageVersion }, { jsonSchemaValidator: validatorOnDemand() });
}

/**
 * The SDK's own validator, made when the first output schema comes. To make one costs more than to open a connection in memory, and
 * few servers have such schemas. One a client: it keeps what it compiled by the `$id` that a server chose.
 */
export function validatorOnDemand(): jsonSchemaValidator {
  let made: AjvJsonSchemaValidator | undefined;
  return {
    getValidator: <T>(schema: JsonSchemaType) => (made ??= new AjvJsonSchemaValidator()).getValidator<T>(schema),
  };
}
