/**
 * A gateway that opens a session for each server of its plan and ends as the plan says. It writes its user, `opening` when it has begun, `open`
 * when every server is open, `ending` when the end of a session has begun, and its receipts as JSON, each on a line of its own.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createSupervisor } from "../../../dist/index.js";

const plan = JSON.parse(process.argv[2]);
const say = (word) => process.stdout.write(`${word}\n`);
const supervisor = createSupervisor({
  servers: plan.servers,
  ledger: plan.ledger ?? false,
  containment: plan.containment,
});
supervisor.on("session", ({ state }) => /\.(draining|disposing)$/.test(state) && say("ending"));

const listeners = {
  exits: () => process.exit(7),
  "shuts down": async () => {
    await supervisor.shutdown();
    process.exit(5);
  },
};
if (plan.listener !== undefined) process.on(plan.signal, listeners[plan.listener]);

const ends = {
  "process.exit": () => process.exit(3),
  "uncaught exception": () =>
    setImmediate(() => {
      throw new Error("the host's own");
    }),
  "unhandled rejection": () => void Promise.reject(new Error("the host's own")),
  "process.exit after an end that nobody awaits": () => {
    for (const session of sessions) void session.end();
    process.exit(4);
  },
  "end of every session": async () => {
    const receipts = await Promise.all(sessions.map((session) => session.end({ reason: plan.reason })));
    say(JSON.stringify(receipts));
  },
  "half of its sessions, then the rest by shutdown": async () => {
    say("closing");
    await Promise.all(sessions.filter((_, index) => index % 2 === 0).map((session) => session.end()));
    say("shutting down");
    await supervisor.shutdown();
  },
  "shutdown, while its guardian is stopped": async () => {
    process.kill(supervisor.inspect().recovery.guardian.pid, "SIGSTOP");
    await supervisor.shutdown();
  },
  "out of memory": () => {
    for (const held = []; ;) held.push(Array.from({ length: 100_000 }, () => held.length));
  },
  // Nothing but the watchdog of the guardian ends it.
  "blocked for ever": () => {
    for (;;);
  },
  // Told from outside.
  signal: () => undefined,
};

// Whatever happens, it does not stay for ever.
setTimeout(() => process.exit(99), plan.lifetimeMs ?? 60_000).unref();
const sessions = Object.keys(plan.servers).map((name) => supervisor.session(name, { drainMs: 100 }));
const opened = sessions.map(async (session) => {
  const lease = await session.acquire();
  await lease.client(session.key);
});
const allOpened = Promise.allSettled(opened).then(() => say("open"));
say(`user ${process.getuid()}`);
say("opening");
await (plan.afterMs === undefined ? allOpened : pause(plan.afterMs));
await ends[plan.end]();
