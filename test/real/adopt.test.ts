import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { expect, test } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { hostileServer } from "../../src/testing/hostile/index.js";
import { createWitness } from "../../src/testing/witness/index.js";

async function hostOwned(name: Parameters<typeof hostileServer>[0]) {
  const witness = await createWitness();
  const { command, args, env } = hostileServer(name, { witness });
  const transport = new StdioClientTransport({ command, args: [...args], env: { ...env }, stderr: "ignore" });
  const client = new Client({ name: "host", version: "1.0.0" });
  await client.connect(transport);
  return { witness, transport, client, pid: transport.pid ?? 0 };
}

test("a transport that the host opened should end with the session that adopted it, its helper included", async () => {
  const { witness, transport, client, pid } = await hostOwned("helper-ignored-stdio");
  await using _witness = witness;
  const supervisor = createSupervisor({ signals: false });

  const session = await supervisor.adopt("chat", transport, { pid, server: "mine" });
  expect(await client.callTool({ name: "echo", arguments: { message: "hi" } })).toBeDefined();
  expect(supervisor.inspect().sessions[0]?.connections[0]).toMatchObject({ kind: "adopted", server: "mine", pid });

  const receipt = await session.end({ deadlineMs: 6_000 });

  await witness.gone();
  expect(receipt).toMatchObject({ outcome: "closed", netUsed: false });
  await supervisor.shutdown();
});

test("an adopted connection should have no client to lease, and say whose it is", async () => {
  const { witness, transport, pid } = await hostOwned("well-behaved");
  await using _witness = witness;
  const supervisor = createSupervisor({ signals: false });
  const session = await supervisor.adopt("chat", transport, { pid, server: "mine" });

  await expect(session.run((lease) => lease.callTool("mine", "echo"))).rejects.toMatchObject({ code: "ADOPTED" });

  await supervisor.shutdown();
  await witness.gone();
});

test("adopting a pid that is not there should say so, and leave the transport to its host", async () => {
  const { witness, transport, client } = await hostOwned("well-behaved");
  await using _witness = witness;
  const supervisor = createSupervisor({ signals: false });

  await expect(supervisor.adopt("chat", transport, { pid: 2 ** 22 + 1 })).rejects.toMatchObject({
    code: "OPEN_FAILED",
  });

  await supervisor.shutdown();
  await client.close();
  await witness.gone();
});
