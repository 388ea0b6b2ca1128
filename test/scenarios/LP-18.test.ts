import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { expect } from "vitest";
import type { McpClient } from "../../src/index.js";
import { rejection } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

/** A client whose connect does not heed being aborted: it succeeds when it would have. */
function deafClient(): McpClient {
  const client = new Client({ name: "deaf", version: "1.0.0" });
  const connect = client.connect.bind(client);
  return Object.assign(client as McpClient, {
    connect: (transport: Parameters<typeof connect>[0]) => connect(transport),
  });
}

scenario("LP-18 a connect that succeeds after the end began is taken over by the closing", async () => {
  const options = { flags: ["--initialize-delay=200"], lifecycle: { settleMs: 5_000 }, createClient: deafClient };
  await using gateway = await gatewayWith("ignores-eof", options);
  const session = gateway.supervisor.session("chat");
  const opening = rejection(session.run((lease) => lease.client("server")));
  await gateway.witness.held({ withinMs: 30_000 });

  const receipt = await session.end();

  await gateway.witness.gone();
  expect(await opening).toMatchObject({ code: "SESSION_ENDED" });
  expect(receipt).toMatchObject({ outcome: "closed", netUsed: false, connections: [{ outcome: "closed" }] });
  expect(session.state).toBe("closed");
});
