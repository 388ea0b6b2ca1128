import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type {
  StdioClientTransport as SdkStdio,
  StdioServerParameters,
} from "@modelcontextprotocol/sdk/client/stdio.js";
import type { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";
import { expectTypeOf, test } from "vitest";
import type { InMemoryServer } from "../../src/config/server-config.js";
import type { McpClient, McpTransport } from "../../src/ports/index.js";
import type { StdioClientTransport, StdioTransportParameters } from "../../src/transports/index.js";

// Checked by the compiler; what runs here says nothing.
test("should fit the SDK's types, and they ours", () => {
  expectTypeOf<StdioClientTransport>().toExtend<Transport>();
  expectTypeOf<StdioClientTransport>().toExtend<McpTransport>();
  expectTypeOf<StdioServerParameters>().toExtend<StdioTransportParameters>();
  expectTypeOf<SdkStdio["pid"]>().toEqualTypeOf<StdioClientTransport["pid"]>();
  expectTypeOf<Client>().toExtend<McpClient>();
  expectTypeOf<SdkStdio>().toExtend<McpTransport>();
  expectTypeOf<StreamableHTTPClientTransport>().toExtend<McpTransport>();
  expectTypeOf<McpServer>().toExtend<InMemoryServer>();
});
