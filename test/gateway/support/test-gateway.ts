import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { ClientCapabilities, Notification } from "@modelcontextprotocol/sdk/types.js";
import { Gateway, type GatewayOptions } from "../../../src/gateway/index.js";
import { until } from "../../real/support/until.js";

/** A client of the SDK in front of the gateway, and what it was told unasked. */
export interface FrontClient {
  readonly client: Client;
  readonly transport: StreamableHTTPClientTransport;
  /** The secret of its session. */
  readonly id: string;
  readonly notifications: readonly Notification[];
  /** Resolves with the first notification of that method, past or to come. */
  readonly told: (method: string) => Promise<Notification>;
}

export interface TestGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  readonly url: URL;
  connect(options?: { capabilities?: ClientCapabilities; prepare?: (client: Client) => void }): Promise<FrontClient>;
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Public key of the only session there is. */
  onlyKey(): string;
}

/** A gateway on a free port of this machine; it and its clients are gone at the end of the test. */
export async function startGateway(options: GatewayOptions): Promise<TestGateway> {
  const gateway = new Gateway({ port: 0, ledger: false, ...options });
  const url = await gateway.listen();
  const clients: Client[] = [];
  const headers: Record<string, string> =
    options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` };
  return {
    gateway,
    url,
    connect: async ({ capabilities = {}, prepare } = {}) => {
      const client = new Client({ name: "front", version: "1.0.0" }, { capabilities });
      const notifications: Notification[] = [];
      client.fallbackNotificationHandler = (notification) => Promise.resolve(void notifications.push(notification));
      prepare?.(client);
      const transport = new StreamableHTTPClientTransport(url, { requestInit: { headers } });
      // oxlint-disable-next-line typescript/no-unnecessary-type-assertion -- the SDK's optional callbacks
      await client.connect(transport as Parameters<Client["connect"]>[0]);
      clients.push(client);
      const find = (method: string) => notifications.find((notification) => notification.method === method);
      return {
        client,
        transport,
        id: transport.sessionId ?? "",
        notifications,
        told: async (method) => {
          await until(() => find(method) !== undefined, `the client was never told ${method}`);
          return find(method) as Notification;
        },
      };
    },
    request: (path, init = {}) => {
      const all = new Headers(init.headers);
      for (const [name, value] of Object.entries(headers)) all.set(name, value);
      return fetch(new URL(path, url), { ...init, headers: all });
    },
    onlyKey: () => {
      const [only, ...others] = gateway.overview().sessions;
      if (only === undefined || others.length > 0) throw new Error(`there are ${others.length + 1} sessions, not one`);
      return only.key;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((client) => client.close()));
      await gateway.shutdown({ deadlineMs: 5_000 });
    },
  };
}
