import { createSupervisor } from "mcp-lifecycle";
import { bench, differenceRow } from "./support/bench.js";
import { openAndCall } from "./support/lives.js";
import { inTurn, median, timed } from "./support/measure.js";
import { cooperative } from "./support/servers.js";

await bench(async () => {
  const servers = { cooperative: cooperative() };
  const supervisors = {
    on: createSupervisor({ servers }),
    recordsOnly: createSupervisor({ servers, ledger: { guardian: false } }),
    off: createSupervisor({ servers, ledger: false }),
  };
  let sessions = 0;
  const life = (supervisor) => () =>
    timed(async () => {
      const session = await openAndCall(supervisor, `life:${(sessions += 1)}`, "cooperative");
      await session.end();
    });
  const lives = Object.fromEntries(Object.entries(supervisors).map(([name, each]) => [name, life(each)]));
  const samples = await inTurn(lives, { rounds: 100, warmUp: 10 });
  const startOfGuardian = await inTurn(
    { first: firstRecord(true), without: firstRecord(false) },
    { rounds: 30, warmUp: 3 },
  );
  for (const supervisor of Object.values(supervisors)) await supervisor.shutdown();
  return [
    differenceRow({
      what: "a life on stdio with records and a guardian that runs already, as by default",
      comparedWith: "the same with `ledger: false`",
      beyond: median(samples.on) - median(samples.off),
      atMost: 5,
      unit: "ms",
    }),
    differenceRow({
      what: "the first life of a supervisor, which starts its guardian",
      comparedWith: "the same with `ledger: { guardian: false }`",
      beyond: median(startOfGuardian.first) - median(startOfGuardian.without),
      atMost: 20,
      unit: "ms",
    }),
  ];
});

function firstRecord(guardian) {
  return async () => {
    const supervisor = createSupervisor({ servers: { cooperative: cooperative() }, ledger: { guardian } });
    const tookMs = await timed(async () => await (await openAndCall(supervisor, "first", "cooperative")).end());
    await supervisor.shutdown();
    return tookMs;
  };
}
