import { createSupervisor } from "mcp-lifecycle";
import { bench, differenceRow } from "./support/bench.js";
import { warmUp } from "./support/lives.js";
import { inTurn, percentile, timed } from "./support/measure.js";
import { cooperative, endByHand, startByHand, stubborn } from "./support/servers.js";

const graces = { inputEndedMs: 200, terminatingMs: 200 };

await bench(async () => {
  await warmUp();
  const servers = { cooperative: cooperative(), stubborn: { ...stubborn(), lifecycle: graces } };
  const supervisor = createSupervisor({ servers });
  let sessions = 0;

  const endOf = async (server) => {
    const session = supervisor.session(`end:${(sessions += 1)}`);
    await session.run((lease) => lease.client(server));
    return await timed(() => session.end());
  };
  const ownExit = async () => {
    const child = await startByHand(cooperative());
    return await timed(() => endByHand(child));
  };

  const cooperation = { ours: () => endOf("cooperative"), own: ownExit };
  const { ours, own } = await inTurn(cooperation, { rounds: 80, warmUp: 5 });
  const { stubbornness } = await inTurn({ stubbornness: () => endOf("stubborn") }, { rounds: 40, warmUp: 1 });
  await supervisor.shutdown();
  return [
    differenceRow({
      what: "the end of a cooperative server, p95",
      comparedWith: "its own exit, p95: the same server, its stdin closed by hand",
      beyond: percentile(ours, 95) - percentile(own, 95),
      atMost: 50,
      unit: "ms",
    }),
    differenceRow({
      what: "the end of a server that ignores EOF and SIGTERM, p95",
      comparedWith: `the sum of its graces (${graces.inputEndedMs} ms each)`,
      beyond: percentile(stubbornness, 95) - graces.inputEndedMs - graces.terminatingMs,
      atMost: 100,
      unit: "ms",
    }),
  ];
});
