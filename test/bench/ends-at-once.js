import { setTimeout as pause } from "node:timers/promises";
import { createSupervisor } from "mcp-lifecycle";
import { bench, factorRow } from "./support/bench.js";
import { warmUp } from "./support/lives.js";
import { openMachines } from "./support/machines-alone.js";
import { inTurn, median, timed } from "./support/measure.js";
import { cooperative, endByHand, startByHand, stubborn } from "./support/servers.js";

const many = 100;
const few = 10;
/** Whoever has just started is still busy with that. */
const settleMs = 500;

await bench(async () => {
  await warmUp();
  const servers = { cooperative: cooperative(), stubborn: stubborn() };
  const asByDefault = createSupervisor({ servers });
  const byGroup = createSupervisor({ servers, containment: "group", ledger: false });
  let sessions = 0;

  const live = async (supervisor, server) => {
    const session = supervisor.session(`end:${(sessions += 1)}`);
    await session.run((lease) => lease.client(server));
    return session;
  };
  const ends =
    (count, server, supervisor = asByDefault) =>
    async () => {
      const started = await times(count, () => live(supervisor, server));
      await pause(settleMs);
      return await timed(() => Promise.all(started.map((session) => session.end())));
    };
  const byHand = (count) => async () => {
    const started = await times(count, () => startByHand(cooperative()));
    await pause(settleMs);
    return await timed(() => Promise.all(started.map(endByHand)));
  };
  const statecharts = async () => {
    const started = await Promise.all(Array.from({ length: many }, openMachines));
    for (const life of started) life.call();
    return await timed(() => Promise.all(started.map((life) => life.end())));
  };

  const graceful = await inTurn({ few: ends(few, "stubborn"), many: ends(many, "stubborn") }, { rounds: 3 });
  const cooperation = {
    asByDefault: ends(many, "cooperative"),
    byGroup: ends(many, "cooperative", byGroup),
    byHand: byHand(many),
    statecharts,
  };
  const took = await inTurn(cooperation, { rounds: 6, warmUp: 1 });
  await Promise.all([asByDefault.shutdown(), byGroup.shutdown()]);
  const timesOfHands = (contender) => median(took[contender]) / median(took.byHand);
  const cooperativeRow = (how, contender) =>
    factorRow({
      what: `${many} sessions ended at once, their servers cooperate; ${how}`,
      comparedWith: `${many} such servers, the stdin of each closed by hand, until all have exited`,
      times: timesOfHands(contender),
      atMost: 1.2,
    });
  return [
    factorRow({
      what: `${many} sessions ended at once, their servers ignore EOF and SIGTERM`,
      comparedWith: `${few} of them ended at once; default graces`,
      times: median(graceful.many) / median(graceful.few),
      atMost: 3,
    }),
    cooperativeRow("held by group, without records", "byGroup"),
    cooperativeRow("held as by default, with records and a guardian", "asByDefault"),
    factorRow({
      what: `of these ${many} ends: the statecharts alone, everything they ask for done at once`,
      comparedWith: `${many} such servers ended by hand, as above`,
      times: timesOfHands("statecharts"),
    }),
  ];
});

/** A few at a time: a hundred starting at once on a few cores would run into their connect timeouts. */
async function times(count, start) {
  const started = [];
  while (started.length < count) {
    const batch = Math.min(few, count - started.length);
    started.push(...(await Promise.all(Array.from({ length: batch }, start))));
  }
  return started;
}
