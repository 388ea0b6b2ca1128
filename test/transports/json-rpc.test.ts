import { JSONRPCMessageSchema } from "@modelcontextprotocol/sdk/types.js";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messageSchemaFor } from "../../src/transports/json-rpc.js";

describe("the schema that a message's fields point to", () => {
  it("should take what the SDK's schema of all messages takes, and nothing else", () => {
    const id = fc.oneof(fc.integer(), fc.string(), fc.double(), fc.constant(null));
    const error = fc.record({ code: fc.oneof(fc.integer(), fc.string()), message: fc.string() });
    const message = fc.record(
      {
        jsonrpc: fc.constantFrom("2.0", "1.0"),
        id,
        method: fc.oneof(fc.string(), fc.integer()),
        params: fc.oneof(fc.object(), fc.constant({ _meta: { progressToken: 1 } }), fc.constant({ _meta: 1 })),
        result: fc.oneof(fc.object(), fc.constant({ _meta: 1 }), fc.integer()),
        error: fc.oneof(error, fc.string()),
        more: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const right = message.map(({ more: _more, jsonrpc: _jsonrpc, ...rest }) => ({ jsonrpc: "2.0", ...rest }));

    fc.assert(
      fc.property(fc.oneof(message, right, fc.jsonValue()), (value) => {
        const [one, all] = [messageSchemaFor(value).safeParse(value), JSONRPCMessageSchema.safeParse(value)];

        expect([one.success, one.data]).toEqual([all.success, all.data]);
      }),
      { numRuns: 2_000 },
    );
  });
});
