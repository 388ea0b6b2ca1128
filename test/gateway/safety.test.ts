import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { connect as connectSocket } from "node:net";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/index.js";
import { Gateway, type GatewayOptions } from "../../src/gateway/index.js";
import { until } from "../real/support/until.js";
import { scriptedServer, text } from "./support/scripted-server.js";
import { startGateway, type TestGateway } from "./support/test-gateway.js";

const echo = () => scriptedServer({ "tools/call": () => text("hi") });
const start = (options: Partial<GatewayOptions> = {}) => startGateway({ servers: { echo: echo().config }, ...options });

const initialize = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1.0.0" } },
};
const mcpHeaders = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
const post = (host: TestGateway, body: unknown, headers: Record<string, string> = {}) =>
  host.request("/mcp", { method: "POST", headers: { ...mcpHeaders, ...headers }, body: JSON.stringify(body) });

/** With headers that `fetch` does not let anybody set. */
async function rawStatus(host: TestGateway, headers: Record<string, string>): Promise<number | undefined> {
  const request = httpRequest(host.url, { method: "POST", headers: { ...mcpHeaders, ...headers } });
  request.end(JSON.stringify(initialize));
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  await once(response, "end");
  return response.statusCode;
}

describe("who is let in", () => {
  it.each([
    ["its own name", { Host: "localhost:1" }, 200],
    ["an address, which nobody can rebind", { Host: "192.0.2.7:3333" }, 200],
    ["a name that was rebound to this machine", { Host: "evil.example" }, 403],
    ["a Host that is none", { Host: "evil.example/@localhost" }, 403],
    ["a name that was allowed", { Host: "gateway.example" }, 200],
    ["its own origin", { Host: "localhost:3333", Origin: "http://localhost:3333" }, 200],
    ["another port of this machine", { Host: "localhost:3333", Origin: "http://localhost:8080" }, 403],
    ["a page of another site", { Origin: "https://evil.example" }, 403],
    ["a page without an origin", { Origin: "null" }, 403],
    ["an origin that was allowed", { Origin: "https://inspector.example" }, 200],
  ])("should go by Host and Origin: %s", async (_what, headers, status) => {
    await using host = await start({
      allowedHosts: ["gateway.example"],
      allowedOrigins: ["https://inspector.example"],
    });

    expect(await rawStatus(host, headers)).toBe(status);
  });

  it("should let the page of an allowed origin read answers, and no other", async () => {
    await using host = await start({ allowedOrigins: ["https://inspector.example"] });
    const ask = (Origin: string) => host.request("/mcp", { method: "OPTIONS", headers: { Origin } });

    const allowed = await ask("https://inspector.example");

    expect(allowed.status).toBe(204);
    expect(allowed.headers.get("access-control-allow-headers")).toContain("Mcp-Session-Id");
    expect((await ask("https://evil.example")).status).toBe(403);
  });

  it.each([
    ["no token", undefined, 401],
    ["a wrong token", "Bearer wrong-token", 401],
    ["a token of another scheme", "Basic correct-horse", 401],
    ["the token", "Bearer correct-horse", 200],
  ])("should go by the token: %s", async (_what, authorization, status) => {
    await using host = await start({ token: "correct-horse" });
    const headers: Record<string, string> = authorization === undefined ? {} : { Authorization: authorization };

    expect(await rawStatus(host, headers)).toBe(status);
    const others = await Promise.all(
      ["/sessions", "/sessions/x", "/nowhere"].map((path) => fetch(new URL(path, host.url), { headers })),
    );
    expect(others.map((other) => other.status === 401)).toEqual([1, 2, 3].map(() => status === 401));
    expect((await fetch(new URL("/healthz", host.url))).status).toBe(200);
  });

  it.each(["0.0.0.0", "::", "192.0.2.7", "gateway.example"])("should not listen on %s without a token", (host) => {
    const open = () => new Gateway({ servers: {}, host });

    expect(open).toThrow(ConfigError);
    expect(open).toThrow(/token: is required to listen on/);
  });

  it.each([
    [{ port: 70_000 }, "options.port"],
    [{ token: "short" }, "options.token"],
    [{ clientLostMs: -1 }, "options.clientLostMs"],
    [{ limits: { bodyBytes: 0 } }, "options.limits.bodyBytes"],
    [{ limits: { speed: 1 } as never }, "options.limits.speed"],
    [{ allowedOrigins: ["everywhere"] }, "options.allowedOrigins[0]"],
    [{ servers: { a: { command: "x" }, a__b: { command: "x" } } }, "mcpServers.a__b"],
  ] as const)("should name the option that cannot be used: %j", (options, field) => {
    expect(() => new Gateway({ servers: {}, ...(options as object) })).toThrow(
      expect.objectContaining({ field }) as Error,
    );
  });

  it("should say which address is taken", async () => {
    await using host = await start();
    const second = new Gateway({ servers: {}, port: Number(host.url.port) });

    await expect(second.listen()).rejects.toThrow(/port: 127.0.0.1:\d+ cannot be listened on: it is in use/);
    await second.shutdown();
  });
});

describe("what is refused", () => {
  it("should be a session that nobody has, and one that was never opened", async () => {
    await using host = await start();

    const unknown = await post(host, { jsonrpc: "2.0", id: 1, method: "tools/list" }, { "Mcp-Session-Id": "guessed" });
    const none = await post(host, { jsonrpc: "2.0", id: 1, method: "tools/list" });

    expect([unknown.status, none.status]).toEqual([404, 400]);
    expect(await unknown.json()).toMatchObject({ error: { code: -32001, data: { code: "SESSION_NOT_FOUND" } } });
  });

  it("should be a public key in the place of the secret", async () => {
    await using host = await start();
    await host.connect();

    const stolen = await post(
      host,
      { jsonrpc: "2.0", id: 1, method: "tools/list" },
      { "Mcp-Session-Id": host.onlyKey() },
    );

    expect(stolen.status).toBe(404);
    expect(JSON.stringify(await (await host.request("/sessions")).json())).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-4/);
  });

  it("should be an initialize that the SDK does not take, without a session left behind", async () => {
    await using host = await start();

    const refused = await post(host, initialize, { Accept: "text/plain" });

    expect(refused.status).toBe(406);
    expect(host.gateway.overview().sessions).toEqual([]);
  });

  it("should be a body that is too large, said or not, and one that is no JSON", async () => {
    await using host = await start({ limits: { bodyBytes: 1_000 } });
    const large = "x".repeat(2_000);

    const said = await post(host, large);
    const streamed = await fetch(host.url, {
      method: "POST",
      headers: mcpHeaders,
      body: new Blob([large, large]).stream(),
      duplex: "half",
    });
    const broken = await host.request("/mcp", { method: "POST", headers: mcpHeaders, body: "{" });

    expect([said.status, streamed.status, broken.status]).toEqual([413, 413, 400]);
  });

  it("should be a client that is slow to say what it wants", async () => {
    await using host = await start({ limits: { headersMs: 150, requestMs: 300 } });
    const socket = connectSocket(Number(host.url.port), "127.0.0.1");
    socket.write("POST /mcp HTTP/1.1\r\nHost: localhost\r\n");

    const [answer] = (await once(socket, "data")) as [Buffer];

    expect(answer.toString()).toMatch(/^HTTP\/1.1 408/);
    socket.destroy();
  });

  it("should be more sessions than there may be, of one client and in all", async () => {
    await using one = await start({ limits: { sessionsPerClient: 1 } });
    await using all = await start({ limits: { sessions: 1 } });
    for (const [host, limit] of [
      [one, "sessionsPerClient"],
      [all, "sessions"],
    ] as const) {
      const { transport } = await host.connect();

      const refused = await post(host, initialize);

      expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "10"]);
      expect(await refused.json()).toMatchObject({
        error: { message: expect.stringContaining(`limits.${limit} = 1`) as string },
      });
      await transport.terminateSession();
      expect((await post(host, initialize)).status).toBe(200);
    }
  });

  it("should be more requests at once than there may be", async () => {
    const hanging = scriptedServer({ "tools/call": (_params, _server, signal) => once(signal, "abort") });
    await using host = await startGateway({
      servers: { hanging: hanging.config },
      limits: { requests: 1 },
      drainMs: 0,
    });
    const { client } = await host.connect();
    const cancel = new AbortController();
    const call = client.callTool({ name: "hanging__x" }, undefined, { signal: cancel.signal }).catch(() => "cancelled");
    await until(() => hanging.asked.some(({ method }) => method === "tools/call"), "it was not called");

    const refused = await host.request("/sessions");

    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
    cancel.abort();
    expect(await call).toBe("cancelled");
  });

  it("should be what no path answers", async () => {
    await using host = await start();
    const status = async (path: string, method = "GET") => (await host.request(path, { method })).status;

    expect(await status("/nowhere")).toBe(404);
    expect(await status("/mcp", "PUT")).toBe(405);
    expect(await status("/sessions/%E0%A4%A", "DELETE")).toBe(404);
    expect(await status(`/sessions/x?deadlineMs=soon`, "DELETE")).toBe(404);
  });
});

describe("what is secret", () => {
  it("should be in no answer, no log and no receipt", async () => {
    const secrets = [
      "env-secret-1f00",
      "header-secret-2f00",
      "query-secret-3f00",
      "token-secret-4f00",
      "password-5f00",
    ];
    const [env, header, query, token, password] = secrets;
    const lines: string[] = [];
    const write = (fields: object, message: string) => void lines.push(message, JSON.stringify(fields));
    const talkative = {
      command: process.execPath,
      args: ["-e", "console.error(process.env.KEY); process.exit(3)"],
      env: { KEY: env ?? "" },
    };
    const far = {
      url: `http://user:${password}@127.0.0.1:9/mcp?key=${query}`,
      headers: { Authorization: `Bearer ${header}` },
    };
    await using host = await startGateway({
      servers: { talkative, far },
      token: token ?? "",
      logger: { debug: write, info: write, warn: write, error: write },
    });
    const front = await host.connect();

    const answers: unknown[] = [];
    for (const name of ["talkative__x", "far__x"]) {
      await front.client
        .callTool({ name })
        .catch((error: Error) => answers.push(error.message, (error as { data?: unknown }).data));
    }
    answers.push(await (await host.request("/sessions")).json());
    answers.push(
      await (await host.request(`/sessions/${host.onlyKey()}`, { method: "DELETE" })).json(),
      front.notifications,
      lines,
    );

    const said = JSON.stringify(answers);
    expect(said).toContain("talkative");
    expect(secrets.filter((secret) => said.includes(secret))).toEqual([]);
  });
});
