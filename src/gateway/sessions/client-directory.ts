import type { ClientContext, McpClient } from "../../ports/index.js";
import type { Supervisor } from "../../supervisor/face.js";
import { createDefaultClient } from "../../transports/default-client.js";
import type { ClientSession } from "./client-session.js";

/** Who is served, by key: how what the supervisor says of a session finds its client. */
export class ClientDirectory {
  readonly #sessions = new Map<string, ClientSession>();

  enter(session: ClientSession): void {
    this.#sessions.set(session.key, session);
  }

  leave(session: ClientSession): void {
    this.#sessions.delete(session.key);
  }

  all(): readonly ClientSession[] {
    return [...this.#sessions.values()];
  }

  /** The client of a connection, which speaks for the one in front. One that is over needs none that answers. */
  createClient({ sessionKey, server }: ClientContext): McpClient {
    return this.#sessions.get(sessionKey)?.upstreamClient(server) ?? createDefaultClient();
  }

  follow(supervisor: Supervisor): void {
    supervisor.on("session", ({ key, session, state }) => {
      if (!state.startsWith("active")) this.#sessions.get(key)?.ending(session);
    });
    supervisor.on("connection", ({ key, server, state }) => {
      if (state === "open") void this.#sessions.get(key)?.opened(server);
    });
  }
}
