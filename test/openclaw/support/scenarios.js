import { setTimeout as pause } from "node:timers/promises";
import { hostileServer } from "mcp-lifecycle/testing";
import { pssOf } from "./processes.js";
import { msUntilNone, settled } from "./wait.js";
import { inWorld } from "./world.js";

const lifetime = "--lifetime=1800000";

/** A server that ignores the end of its input, and one behind `sh -c` that does so too and has a helper in a session of its own. */
const stubborn = (env) => ({
  deaf: launch(hostileServer("ignores-eof", { env, flags: [lifetime] })),
  wrapped: launch(hostileServer("shell-wrapper", { env, flags: ["--helper=detached", lifetime] })),
});

const one = (env) => ({ plain: launch(hostileServer("well-behaved", { env, flags: [lifetime] })) });

const launch = ({ command, args, env }) => ({ command, args, env });

/** Sessions and their ends, one after the other: how many of the servers' processes are alive after each. */
export function endsOneByOne(openclaw, { plugin, say }) {
  return inWorld(openclaw, { servers: stubborn, plugin, idleMinutes: 1 }, async (world) => {
    const rows = [];
    const after = async (what, count = () => world.alive().length) => {
      rows.push({ what, alive: await settled(count) });
      say(`${what}: ${rows.at(-1).alive}`);
    };
    const answers = [];
    for (const number of [1, 2, 3]) answers.push(await world.say(number));
    await after("three sessions, one message each");
    await world.call("sessions.reset", { key: world.keyOf(1) });
    await after("`sessions.reset` of the first");
    await world.call("sessions.delete", { key: world.keyOf(2) });
    await after("`sessions.delete` of the second");
    await pause(61_000);
    answers.push(await world.say(3));
    await after("a message to the third, after its idle limit");
    await world.stop("SIGTERM");
    await after("SIGTERM of the gateway");
    return { rows, answers };
  });
}

/** The gateway is killed while a session lives. */
export function killedGateway(openclaw, { plugin, say }) {
  return inWorld(openclaw, { servers: stubborn, plugin }, async (world) => {
    await world.say(1);
    const before = world.alive().length;
    await world.stop("SIGKILL");
    const tookMs = await msUntilNone(() => world.alive().length, { withinMs: 10_000 });
    const alive = world.alive().length;
    say(`SIGKILL of the gateway with ${before}: ${alive}`);
    return { before, alive, tookMs };
  });
}

/** What sessions with one server each cost beside the gateway itself. */
export function memoryOfSessions(openclaw, { plugin, say, sessions = 20 }) {
  return inWorld(openclaw, { servers: one, plugin }, async (world) => {
    const before = new Set(world.family());
    for (let number = 1; number <= sessions; number += 1) await world.say(number);
    const started = world.family().filter((pid) => !before.has(pid));
    const bytes = started.map(pssOf).reduce((sum, each) => sum + each, 0);
    const result = { sessions, servers: world.alive().length, processes: started.length, bytes };
    say(`${sessions} sessions: ${result.processes} processes, ${Math.round(result.bytes / 2 ** 20)} MiB`);
    return result;
  });
}
