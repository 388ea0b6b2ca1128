import { sessionMachine } from "mcp-lifecycle/machines";
import { createActor, waitFor } from "xstate";

const id = "life";
const connection = `${id}/r1/memory.1`;
const longMs = 1_000;
const graces = {
  connectTimeoutMs: longMs,
  drainMs: longMs,
  settleMs: longMs,
  releaseMs: longMs,
  inputEndedMs: longMs,
  terminatingMs: longMs,
  verifyMs: longMs,
};
const spec = { fingerprint: "memory", graces, hasGoodbye: false, required: false, idleTimeoutMs: 0, restart: false };
const timings = { drainMs: longMs, idleTimeoutMs: 0, maxLifetimeMs: 0, requiredRetireMs: longMs };
const lease = "lease";

/**
 * The three statecharts of a session with one server, without everything that they are in charge of: what is asked of the port is done at once.
 * Resolves when the server is open; `end` resolves when the session is closed.
 */
export async function openMachines() {
  let at = 0;
  let tellGone;
  const gone = new Promise((resolve) => (tellGone = () => resolve("gone")));
  const nothing = () => undefined;
  const port = {
    open: () => Promise.resolve({ tools: [] }),
    endInput: () => Promise.resolve({ at, empty: true, onlyRemoteLeft: false }),
    closed: () => {
      tellGone();
      actor.send({ type: "GONE" });
    },
    disposed: () => gone,
    endBegan: nothing,
    refuseCalls: nothing,
    abortCalls: nothing,
    abortOpen: nothing,
    abortSessionCalls: nothing,
  };
  const actor = createActor(sessionMachine, {
    input: { id, servers: { memory: spec }, timings, oneShot: false, port },
  });
  actor.start();
  const send = (event) => actor.send({ ...event, at: (at += 1) });
  send({ type: "ACQUIRE", lease });
  send({ type: "OPEN", servers: ["memory"] });
  const runtime = actor.getSnapshot().children.r1;
  await waitFor(runtime, ({ context }) => context.connections[connection]?.state === "open");
  return {
    call: () => {
      for (const inFlight of [1, 0]) send({ type: "USED", connection, inFlight, inFlightOfSession: inFlight });
      send({ type: "RELEASE", lease });
    },
    end: async () => {
      send({ type: "END", reason: "ended", cause: "request" });
      await waitFor(actor, ({ status }) => status === "done");
    },
  };
}
