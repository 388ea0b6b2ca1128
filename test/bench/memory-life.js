import { createSupervisor } from "mcp-lifecycle";
import { bench, factorRow } from "./support/bench.js";
import { connectAndCall, openAndCall, warmUp } from "./support/lives.js";
import { openMachines } from "./support/machines-alone.js";
import { inTurn, median, timed } from "./support/measure.js";
import { inMemory } from "./support/servers.js";

await bench(async () => {
  await warmUp();
  const supervisor = createSupervisor({ servers: { memory: inMemory() } });
  let lives = 0;

  const ours = async () => (await openAndCall(supervisor, `life:${(lives += 1)}`, "memory")).end();
  const plain = async () => (await connectAndCall()).end();
  const machines = async () => {
    const life = await openMachines();
    life.call();
    await life.end();
  };

  const contenders = { ours: () => timed(ours), plain: () => timed(plain), machines: () => timed(machines) };
  const samples = await inTurn(contenders, { rounds: 1_500 });
  await supervisor.shutdown();
  return [
    factorRow({
      what: "a life in memory: open, one call, end",
      comparedWith: "SDK `Client` on the SDK's `InMemoryTransport`: connect, one call, close; the same `McpServer`",
      times: median(samples.ours) / median(samples.plain),
      atMost: 1.6,
    }),
    factorRow({
      what: "of that life: its three statecharts alone, everything they ask for done at once",
      comparedWith: "the whole life of the SDK's `Client`, as above",
      times: median(samples.machines) / median(samples.plain),
    }),
  ];
});
