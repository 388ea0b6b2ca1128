import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { createSupervisor } from "mcp-lifecycle";
import { echo, inMemory, memoryServer, plainClient } from "./servers.js";

/** Opens a session on the server of that name, makes one call, and gives the session. */
export async function openAndCall(supervisor, key, server) {
  const session = supervisor.session(key);
  await session.run((lease) => lease.callTool(server, echo.name, echo.arguments));
  return session;
}

/** The same with the SDK alone, in memory. */
export async function connectAndCall() {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const server = memoryServer();
  const client = plainClient();
  await server.connect(far);
  await client.connect(near);
  await client.callTool(echo);
  return { end: () => Promise.all([client.close(), server.close()]) };
}

/** Lives in memory until the code is compiled: gateways run for days, and both contenders shall be measured as they run then. */
export async function warmUp(lives = 500) {
  const supervisor = createSupervisor({ servers: { memory: inMemory() } });
  for (let life = 0; life < lives; life += 1) {
    await (await openAndCall(supervisor, `warm:${life}`, "memory")).end();
    await (await connectAndCall()).end();
  }
  await supervisor.shutdown();
}
