/** Makes and ends sessions with one connection in memory each, and writes how many bytes of heap each of them left. */
import { createSupervisor } from "mcp-lifecycle";
import { openAndCall } from "../../bench/support/lives.js";
import { heapInUse } from "../../bench/support/measure.js";
import { inMemory } from "../../bench/support/servers.js";

const supervisor = createSupervisor({ servers: { memory: inMemory() } });
let made = 0;

async function closeSessions(count) {
  for (let round = 0; round < count; round += 1) {
    const life = await openAndCall(supervisor, `chat:${(made += 1)}`, "memory");
    await life.end();
  }
  return await heapInUse();
}

// What is compiled and cached once is no session's.
const before = await closeSessions(100);
const count = 150;
const after = await closeSessions(count);
process.stdout.write(JSON.stringify({ bytesEach: (after - before) / count, inspection: supervisor.inspect() }));
