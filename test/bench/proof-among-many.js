import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createCookie, createProcessHost } from "mcp-lifecycle/processes";
import { bench, factorRow } from "./support/bench.js";
import { inTurn, median, timed } from "./support/measure.js";

const others = 500;

await bench(async () => {
  const group = createProcessHost({ containment: "group" });
  // Before the crowd: who is older than a tree is not in it, and a look does not read his environment.
  const watched = await sleeperIn(group);
  const crowd = Array.from({ length: others }, () => spawn("sleep", ["600"], { stdio: "ignore" }));
  try {
    return [await sweepRow(group, watched), ...(await cgroupRows(group))];
  } finally {
    await killedAndProved(group, watched);
    for (const child of crowd) child.kill("SIGKILL");
    const running = crowd.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    await Promise.all(running.map((child) => once(child, "exit")));
  }
});

async function sweepRow(host, tree) {
  const read = () => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
      for (const file of ["stat", "environ"]) readOrNothing(`/proc/${pid}/${file}`);
  };
  const contenders = { sweep: () => timed(() => host.look(tree.ref)), read: () => timed(read) };
  const samples = await inTurn(contenders, { rounds: 100, warmUp: 10 });
  return factorRow({
    what: `a look for a tree by its cookie, among ${others} other processes`,
    comparedWith: "one plain read of the same files of `/proc`, by `readFileSync`",
    times: median(samples.sweep) / median(samples.read),
    atMost: 1.5,
  });
}

/** None where no cgroup can be made. */
async function cgroupRows(group) {
  const host = createProcessHost();
  if (host.containment !== "cgroup") return [];
  const looked = async () => {
    const tree = await sleeperIn(host);
    // The first look counts everybody; those that follow ask the cgroup as long as somebody is in it.
    await host.look(tree.ref);
    const tookMs = await timed(() => host.look(tree.ref));
    await killedAndProved(host, tree);
    return tookMs;
  };
  const byHand = async () => {
    const tree = await sleeperIn(host);
    const tookMs = await timed(() => killedByHand(tree.ref.cgroup));
    await killedAndProved(host, tree);
    return tookMs;
  };
  const ended = (where) => async () => {
    const tree = await sleeperIn(where);
    await where.look(tree.ref);
    return await timed(() => killedAndProved(where, tree));
  };
  const contenders = { looked, byHand, inCgroup: ended(host), inGroup: ended(group) };
  const samples = await inTurn(contenders, { rounds: 40, warmUp: 5 });
  return [
    factorRow({
      what: `a look at a tree that its cgroup says to live, among ${others} other processes`,
      comparedWith: "the kill itself: `cgroup.kill` by hand until `populated 0`",
      times: median(samples.looked) / median(samples.byHand),
      atMost: 1,
    }),
    factorRow({
      what: `a tree in a cgroup killed and proved gone, by \`populated 0\` and a look, among ${others} other processes`,
      comparedWith: "the same tree held by group, killed and proved gone",
      times: median(samples.inCgroup) / median(samples.inGroup),
      atMost: 1.2,
    }),
  ];
}

function sleeperIn(host) {
  const mark = process.env.MCP_LIFECYCLE_TEST_RUN ?? "";
  const env = { PATH: process.env.PATH ?? "", MCP_LIFECYCLE_TEST_RUN: mark };
  return host.spawn({ command: "sleep", args: ["600"], env, cookie: createCookie() });
}

async function killedByHand(cgroup) {
  writeFileSync(`${cgroup}/cgroup.kill`, "1");
  while (/^populated 1$/m.test(readFileSync(`${cgroup}/cgroup.events`, "latin1"))) await turn();
}

async function killedAndProved(host, { ref }) {
  await host.signal(ref, "SIGKILL");
  for (let left = 1; left > 0; await turn()) {
    const { survivors, doubtful } = await host.look(ref);
    left = survivors.length + doubtful.length;
  }
  host.forget(ref);
}

function turn() {
  return new Promise((resolve) => setImmediate(resolve));
}

function readOrNothing(path) {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
