import { describe, expect, it } from "vitest";
import type { GatewayOptions } from "../../src/gateway/index.js";
import { hostileServer, type HostileServerName } from "../../src/testing/hostile/index.js";
import { createWitness } from "../../src/testing/witness/index.js";
import { shortGraces } from "../real/support/graces.js";
import { until } from "../real/support/until.js";
import { scriptedServer, text } from "./support/scripted-server.js";
import { startGateway } from "./support/test-gateway.js";

/** A gateway with one hostile server, whose every process holds the witness's pipe. */
async function startWatched(options: Partial<GatewayOptions> = {}, kind: HostileServerName = "well-behaved") {
  const witness = await createWitness();
  const server = { ...hostileServer(kind, { witness }), lifecycle: shortGraces };
  const host = await startGateway({ servers: { hostile: server }, drainMs: 100, ...options });
  return {
    ...host,
    witness,
    called: () => {
      const callsInFlight = () => host.gateway.overview().sessions[0]?.connections[0]?.callsInFlight;
      return until(() => callsInFlight() === 1, "the server was not called");
    },
    receipt: async () => {
      await until(() => host.gateway.overview().ended.length > 0, "no session ended");
      return host.gateway.overview().ended[0];
    },
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      await witness.dispose();
    },
  };
}

describe.runIf(process.platform === "linux")("a client's session", () => {
  it("should end as deleted when its client says goodbye, answer what is under way, and leave nothing", async () => {
    await using host = await startWatched({}, "helper-detached");
    const { client, transport, id } = await host.connect();
    await client.callTool({ name: "hostile__echo" });
    const hanging = client.callTool({ name: "hostile__hang" });
    const answer = expect(hanging).rejects.toMatchObject({ code: -32000, data: { code: "SESSION_ENDED" } });
    await host.called();

    await transport.terminateSession();

    await answer;
    const receipt = await host.receipt();
    expect(receipt).toMatchObject({
      reason: "ended",
      cause: "deleted",
      outcome: "closed",
      connections: [{ abortedCalls: 1 }],
    });
    await host.witness.gone();
    const late = await host.request("/mcp", { headers: { "Mcp-Session-Id": id, Accept: "text/event-stream" } });
    expect([late.status, await late.json()]).toMatchObject([404, { error: { data: { code: "SESSION_NOT_FOUND" } } }]);
  });

  it("should end by its public key, answer with the receipt, and be unknown after that", async () => {
    await using host = await startWatched();
    const { client } = await host.connect();
    await client.callTool({ name: "hostile__echo" });
    const key = host.onlyKey();
    // How its tree is held stands in both.
    const connections = [{ server: "hostile", containment: expect.stringMatching(/^c?group$/) as string }];
    expect(await (await host.request("/sessions")).json()).toMatchObject({ sessions: [{ key, connections }] });

    const ended = await host.request(`/sessions/${key}?deadlineMs=4000`, { method: "DELETE" });

    expect(await ended.json()).toMatchObject({ key, reason: "ended", outcome: "closed", connections });
    await host.witness.gone();
    expect((await host.request(`/sessions/${key}`, { method: "DELETE" })).status).toBe(404);
    expect(await (await host.request(`/sessions/${key}`)).json()).toMatchObject({ sessions: [], ended: [{ key }] });
  });

  it("should go on after a reset with a new generation, told that its lists changed", async () => {
    await using host = await startWatched();
    const front = await host.connect();
    const before = await front.client.callTool({ name: "hostile__pid" });

    const reset = await host.request(`/sessions/${host.onlyKey()}/reset`, { method: "POST" });

    expect(await reset.json()).toMatchObject({ receipt: { reason: "reset", outcome: "closed" } });
    await front.told("notifications/tools/list_changed");
    await front.told("notifications/prompts/list_changed");
    await front.told("notifications/resources/list_changed");
    expect(await front.client.callTool({ name: "hostile__pid" })).not.toEqual(before);
  });

  it.each([
    ["its client vanished", { clientLostMs: 200 }, "client-lost"],
    ["no call ended for too long", { idleTimeoutMs: 200 }, "idle"],
    ["it lived for too long", { maxLifetimeMs: 600 }, "lifetime"],
  ] as const)("should time out when %s", async (_what, options, cause) => {
    await using host = await startWatched(options);
    const { client } = await host.connect();
    await client.callTool({ name: "hostile__echo" });
    if (cause === "client-lost") await client.close();

    const receipt = await host.receipt();

    expect(receipt).toMatchObject({ reason: "timedOut", cause, outcome: "closed" });
    await host.witness.gone();
  });

  it("should end as errored when a server that it requires cannot be opened", async () => {
    const required = {
      command: process.execPath,
      args: ["-e", ""],
      lifecycle: { required: true, restart: false as const },
    };
    await using host = await startGateway({ servers: { required } });
    const { client } = await host.connect();

    const call = client.callTool({ name: "required__x" });

    await expect(call).rejects.toMatchObject({ data: { code: "SESSION_ENDED" } });
    await until(() => host.gateway.overview().ended.length === 1, "the session did not end");
    expect(host.gateway.overview().ended[0]).toMatchObject({ reason: "errored", cause: "server-required" });
  });

  it("should end with the gateway, which answers what is under way and refuses what comes", async () => {
    await using host = await startWatched({ drainMs: 400 });
    const { client } = await host.connect();
    await client.callTool({ name: "hostile__echo" });
    const answer = expect(client.callTool({ name: "hostile__hang" })).rejects.toMatchObject({
      data: { code: "SESSION_ENDED" },
    });
    await host.called();

    const shutdown = host.gateway.shutdown({ deadlineMs: 5_000 });

    expect((await host.request("/sessions")).status).toBe(503);
    expect((await host.request("/healthz")).status).toBe(503);
    await answer;
    expect(await shutdown).toMatchObject({ closed: 1, leaked: 0, receipts: [{ reason: "ended", cause: "shutdown" }] });
    await host.witness.gone();
    await expect(host.request("/healthz")).rejects.toThrow("fetch failed");
  });
});

describe("what a shutdown meets", () => {
  it("should be answered when it is asked for twice", async () => {
    const server = scriptedServer({ "tools/call": () => text("hi") });
    await using host = await startGateway({ servers: { server: server.config } });
    const { client } = await host.connect();
    await client.callTool({ name: "server__x" });

    const [first, second] = await Promise.all([host.gateway.shutdown(), host.gateway.shutdown({ deadlineMs: 500 })]);

    expect(second).toBe(first);
    expect(first.receipts).toHaveLength(1);
  });
});
