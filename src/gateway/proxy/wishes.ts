import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { ResultSchema } from "@modelcontextprotocol/sdk/types.js";
import { messageOf } from "../../errors/index.js";
import type { Logger } from "../../ports/index.js";

/**
 * What a client asked its servers for that holds until it says otherwise. A connection that is opened later, after a loss, a reload or a
 * reset, is told the same.
 */
export class Wishes {
  readonly #subscriptions = new Map<string, Set<string>>();
  #logLevel: string | undefined;

  setLogLevel(level: string): void {
    this.#logLevel = level;
  }

  subscribe(server: string, uri: string): void {
    this.#subscriptions.set(server, (this.#subscriptions.get(server) ?? new Set()).add(uri));
  }

  unsubscribe(server: string, uri: string): void {
    this.#subscriptions.get(server)?.delete(uri);
  }

  /** Never rejects: a server that will not hear of it serves all the same. */
  async tell(server: string, client: Client, logger: Logger): Promise<void> {
    const capabilities = client.getServerCapabilities();
    const level = capabilities?.logging && this.#logLevel;
    const uris = capabilities?.resources?.subscribe ? [...(this.#subscriptions.get(server) ?? [])] : [];
    const requests = [
      ...(level === undefined ? [] : [{ method: "logging/setLevel", params: { level } }]),
      ...uris.map((uri) => ({ method: "resources/subscribe", params: { uri } })),
    ];
    const tell = async (request: (typeof requests)[number]) => {
      try {
        await client.request(request, ResultSchema);
      } catch (error) {
        logger.warn({ server, method: request.method, error: messageOf(error) }, "a server was not told again");
      }
    };
    await Promise.all(requests.map(tell));
  }
}
