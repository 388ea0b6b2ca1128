import { createSupervisor } from "mcp-lifecycle";
import { bench, factorRow } from "./support/bench.js";
import { heapInUse, inTurn, median } from "./support/measure.js";
import { cooperative } from "./support/servers.js";

const many = 10_000;
const few = 100;

await bench(async () => {
  const contenders = { few: () => costEach(few), many: () => costEach(many) };
  const samples = await inTurn(contenders, { rounds: 4, warmUp: 1 });
  const timesOf = (cost) =>
    median(samples.many.map((each) => each[cost])) / median(samples.few.map((each) => each[cost]));
  const what = `to make each of ${many.toLocaleString("en")} dormant sessions`;
  const comparedWith = `to make each of ${few}`;
  return [
    factorRow({
      what: `processor time ${what}`,
      comparedWith: `the same ${comparedWith}`,
      times: timesOf("time"),
      atMost: 1.2,
    }),
    factorRow({ what: `heap ${what}`, comparedWith: `the same ${comparedWith}`, times: timesOf("bytes"), atMost: 1.2 }),
  ];
});

/** What one session of `count` costs. As many are made in all, whatever the `count`, so that each pays its share of collections. */
async function costEach(count) {
  const supervisors = Array.from({ length: many / count }, () =>
    createSupervisor({ servers: { stdio: cooperative() } }),
  );
  const before = await heapInUse();
  const startedAt = process.cpuUsage();
  for (const supervisor of supervisors) {
    for (let session = 0; session < count; session += 1) supervisor.session(`dormant:${session}`);
  }
  const { user, system } = process.cpuUsage(startedAt);
  const after = await heapInUse();
  for (const supervisor of supervisors) await supervisor.shutdown();
  return { time: (user + system) / many, bytes: (after - before) / many };
}
