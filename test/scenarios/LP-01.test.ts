import { expect } from "vitest";
import type { EndCause, EndReason, Lease, LifecycleOptions, Session, SessionOptions } from "../../src/index.js";
import { guardedGateway } from "../real/support/guarded-gateway.js";
import { killLeader } from "../real/support/kill.js";
import { type Gateway, gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

interface Way {
  readonly reason: EndReason;
  readonly cause: EndCause;
  readonly options?: SessionOptions;
  readonly lifecycle?: LifecycleOptions;
  /** What the run does once it has its server. */
  readonly run?: (lease: Lease) => unknown;
  /** What ends the session after its run; absent where nobody does anything. */
  readonly end?: (gateway: Gateway, session: Session) => unknown;
}

const fail = () => {
  throw new Error("the run's own");
};
const killServer = ({ supervisor }: Gateway) => killLeader(supervisor.inspect().sessions[0]?.connections[0]?.pid);
const askedFor = (reason: EndReason, cause: EndCause): Way => ({
  reason,
  cause,
  end: (_gateway, session) => session.end({ reason, cause }),
});

const ways: readonly Way[] = [
  askedFor("ended", "deleted"),
  askedFor("ended", "new"),
  askedFor("ended", "daily"),
  { reason: "ended", cause: "compaction", end: (_gateway, session) => session.retire({ cause: "compaction" }) },
  { reason: "ended", cause: "run-end", options: { oneShot: true } },
  { reason: "ended", cause: "shutdown", end: ({ supervisor }) => supervisor.shutdown() },
  { reason: "ended", cause: "restart", end: ({ supervisor }) => supervisor.shutdown({ cause: "restart" }) },
  { reason: "reset", cause: "reset", end: (_gateway, session) => session.reset() },
  { reason: "timedOut", cause: "idle", options: { idleTimeoutMs: 50 } },
  { reason: "timedOut", cause: "lifetime", options: { maxLifetimeMs: 50 } },
  { reason: "errored", cause: "run-failed", options: { oneShot: true }, run: fail },
  { reason: "errored", cause: "server-required", lifecycle: { required: true }, end: killServer },
  askedFor("errored", "unknown"),
];

const rows = ways.map((way) => [way.reason, way.cause, way] as const);

scenario.each(rows)("LP-01 a session that is %s by %s leaves no process", async (reason, cause, way) => {
  await using gateway = await gatewayWith("ignores-eof", { lifecycle: way.lifecycle ?? {} });
  const session = gateway.supervisor.session("chat", way.options);
  const run = session.run(async (lease) => {
    await lease.client("server");
    expect(gateway.witness.isHeld).toBe(true);
    await way.run?.(lease);
  });
  await run.catch((error: unknown) => expect(error).toMatchObject({ message: "the run's own" }));
  await way.end?.(gateway, session);

  const receipt = await session.ended;

  await gateway.witness.gone();
  expect(receipt).toMatchObject({ reason, cause, outcome: "closed", netUsed: false });
});

scenario("LP-01 a session that is over because its gateway crashed leaves no process", async () => {
  await using gateway = await guardedGateway();
  const { directory } = gateway;
  const exit = await gateway.run({ end: "uncaught exception", ledger: { directory } });
  expect(exit).toMatchObject({ code: 1, signal: null });
  await gateway.allGone();
});
