import { fork } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { createSupervisor } from "mcp-lifecycle";
import { bench, differenceRow } from "./support/bench.js";
import { isMarked } from "./support/leftovers.js";
import { median, percentile } from "./support/measure.js";
import { cooperative, stubborn } from "./support/servers.js";

const servers = 20;
const rounds = 10;

if (process.argv[2] === "gateway") await runGateway();
else await bench(measure);

/** The gateway that is killed: twenty servers, half of which go by SIGKILL only. */
async function runGateway() {
  const supervisor = createSupervisor({ servers: { cooperative: cooperative(), stubborn: stubborn() } });
  for (let index = 0; index < servers; index += 1)
    await supervisor.session(`s${index}`).run((lease) => lease.client(index % 2 === 0 ? "cooperative" : "stubborn"));
  process.send(supervisor.inspect().recovery.guardian.pid);
}

async function measure() {
  const [deaths, memory] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    const gateway = fork(fileURLToPath(import.meta.url), ["gateway"]);
    const [guardian] = await once(gateway, "message");
    memory.push(megabytesOf(guardian));
    const startedAt = performance.now();
    gateway.kill("SIGKILL");
    while (isMarked()) await pause(5);
    deaths.push(performance.now() - startedAt);
  }
  return [
    differenceRow({
      what: `memory of what protects ${servers} stdio servers, their gateway's guardian (proportional set size)`,
      comparedWith: "no guardian",
      beyond: median(memory),
      atMost: 5,
      unit: "MB",
    }),
    differenceRow({
      what: `from the SIGKILL of a gateway with ${servers} servers to the end of the last of their processes, p95`,
      comparedWith: "the SIGKILL; half of them ignore EOF and SIGTERM",
      beyond: percentile(deaths, 95),
      atMost: 2_000,
      unit: "ms",
    }),
  ];
}

/** Of the process and of those that it started. */
function megabytesOf(pid) {
  const children = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && parentOf(name) === String(pid));
  const kilobytes = [pid, ...children].map((each) =>
    Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, "latin1"))[1]),
  );
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}

function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
  } catch {
    return undefined;
  }
}
