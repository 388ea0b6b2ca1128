import { vi } from "vitest";
import type { McpClient } from "../../src/ports/index.js";
import { simulate } from "./simulated.js";

/** A session with a lease on which `files` is open. */
export async function leased(behaviours: Parameters<typeof simulate>[0] = { files: {} }) {
  const simulated = simulate(behaviours);
  const session = simulated.supervisor.session("chat");
  const lease = await session.acquire();
  const client = await simulated.run(lease.client("files"));
  return { ...simulated, session, lease, client };
}

/** The next call is answered by what a client of the host's may throw. */
export function fails(client: McpClient, error: unknown, meanwhile: () => unknown = () => undefined) {
  return vi.spyOn(client, "callTool").mockImplementation(async () => {
    await meanwhile();
    throw error;
  });
}
