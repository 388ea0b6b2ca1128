import { createSupervisor } from "mcp-lifecycle";
import { bench, differenceRow } from "./support/bench.js";
import { connectAndCall, openAndCall } from "./support/lives.js";
import { heapInUse, inTurn, median } from "./support/measure.js";
import { inMemory } from "./support/servers.js";

const count = 200;

await bench(async () => {
  const supervisor = createSupervisor({ servers: { memory: inMemory() } });
  let sessions = 0;

  const ours = () => openAndCall(supervisor, `heap:${(sessions += 1)}`, "memory");

  const contenders = { ours: () => bytesEach(ours), plain: () => bytesEach(connectAndCall) };
  const samples = await inTurn(contenders, { rounds: 7, warmUp: 1 });
  await supervisor.shutdown();
  return [
    differenceRow({
      what: "heap of a live session with one connection in memory",
      comparedWith: "heap of an SDK `Client` connected in memory; both made one call, the server is the same",
      beyond: (median(samples.ours) - median(samples.plain)) / 1_000,
      atMost: 40,
      unit: "kB",
    }),
  ];
});

async function bytesEach(make) {
  const before = await heapInUse();
  const alive = [];
  while (alive.length < count) alive.push(await make());
  const after = await heapInUse();
  for (const each of alive) await each.end();
  return (after - before) / count;
}
