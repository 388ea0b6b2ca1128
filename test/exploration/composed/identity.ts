import type { AnyActorRef, AnyMachineSnapshot } from "xstate";
import type { ConnectionContext, RuntimeContext, SessionContext } from "../../../src/machines/index.js";
import { machinesBelow } from "./actor-probe.js";
import type { GatedTransport } from "./gated-transport.js";
import type { Life } from "./life.js";

/** After so many leaks the next is like the one before, and tried again as late. */
const mostLeaks = 2;
/** Of a delay longer than all graces together only the order counts. */
const longMs = 150;
/** Five goodbyes decide something; kills only lengthen a pause, and two fit into the time there is. */
const mostReleases = 5;
const mostKills = 2;

/** What tells two moments of lives apart: all that decides what can happen from here on, without names and absolute times. */
export function identityOf(life: Life, { left, isWell }: { left: number; isWell: boolean }): string {
  const { clock, gates, transports, isEnding, receipts } = life;
  const now = clock.now();
  const hasCall = life.awaited.includes("a call");
  return JSON.stringify([
    left,
    isWell,
    machine(life.actor, now),
    machinesBelow(life.actor).map((actor) => machine(actor, now)),
    transports.filter(({ isDisposed, isAlive }) => !isDisposed || isAlive).map((each) => transport(life, each, isWell)),
    gates.pending.map(({ name, askedIn, isAbandoned, hasStirred, isLate }) => [
      name,
      askedIn,
      flags(isAbandoned(), hasStirred(), isLate),
    ]),
    clock.pending.map(({ at, ref }) => [until(at, now), ref]),
    [...life.awaited].sort(),
    [life.leases.length, receipts.size, Math.min(life.leakReports, mostLeaks)],
    isEnding && receipts.size === 0 ? until(life.endBy, now) : undefined,
    isEnding && receipts.size === 0 ? until(life.killBy, now) : undefined,
    hasCall ? until(life.cutFrom, now) : undefined,
    life.reloadedAt === undefined ? undefined : Math.min(now - life.reloadedAt, life.setting.timings.drainMs),
  ]);
}

function machine(actor: AnyActorRef, now: number): unknown {
  const { value, status, context } = actor.getSnapshot() as AnyMachineSnapshot;
  return [value, status, contextOf(context as object, now)];
}

function contextOf(context: object, now: number): unknown {
  if ("leases" in context) return ofSession(context as SessionContext, now);
  if ("connections" in context) return ofRuntime(context as RuntimeContext, now);
  return ofConnection(context as ConnectionContext, now);
}

function ofSession(context: SessionContext, now: number): unknown {
  const { leases, callsInFlight, retirement, current, runtimes, wanted, end, budget, disposal } = context;
  return [
    leases.length,
    callsInFlight,
    retirement?.reason,
    Object.values(runtimes).map(({ id, leaked, leakedServers }) => [id === current, leaked, leakedServers]),
    wanted,
    end?.reason,
    until(budget?.deadline, now),
    disposal,
  ];
}

function ofRuntime({ servers, connections, leakedServers, fenced }: RuntimeContext, now: number): unknown {
  const states = Object.values(connections).map(({ server, state, remoteOnly }) => [server, state, remoteOnly]);
  // What only decides whether something opens is not read any more once nothing does.
  if (fenced) return [states, leakedServers];
  return [
    states,
    leakedServers,
    Object.values(connections).map(({ fingerprint }) => fingerprint),
    Object.entries(servers).map(([name, { spec, wanted, backoff, failures, notBefore, failure, tools }]) => [
      name,
      spec.fingerprint,
      flags(wanted, backoff, tools !== undefined),
      failures.map((at) => Math.min(now - at, spec.restart === false ? 0 : spec.restart.withinMs)),
      Math.max(0, notBefore - now),
      failure?.kind,
    ]),
  ];
}

function ofConnection(context: ConnectionContext, now: number): unknown {
  const { hasGoodbye, wasOpen, failure, deadline, late, goodbyeSaid, failedReleases, kills, leakedOnce, how } = context;
  return [
    flags(wasOpen, late, goodbyeSaid, leakedOnce),
    failure?.kind,
    until(deadline, now),
    hasGoodbye ? Math.min(failedReleases, mostReleases) : 0,
    Math.min(kills, mostKills),
    how,
  ];
}

function transport({ supervisor }: Life, of: GatedTransport, isWell: boolean): unknown {
  const { hasLeader, hasHelper, hasSession, isOpening, wasOpened, wasKilled, isInputEnded, isDisposed, signal } = of;
  const record = supervisor.custody.get(of.request.connectionId);
  return [
    of.server,
    flags(
      hasLeader,
      hasHelper,
      hasSession,
      isOpening,
      wasOpened,
      wasKilled,
      isInputEnded,
      isDisposed,
      signal?.aborted === true,
    ),
    record && [record.state, record.owner, record.calls.inFlight, record.look?.survivors.length],
    record && flags(record.settled, record.inputEnded, record.wasLeaked, record.failure !== undefined),
    isWell ? record?.means : undefined,
  ];
}

/** A moment that is over is over, however long ago. */
function until(at: number | undefined, now: number): number | undefined {
  if (at === undefined || !Number.isFinite(at)) return undefined;
  return Math.max(-1, Math.min(longMs, at - now));
}

function flags(...values: readonly boolean[]): string {
  return values.map(Number).join("");
}
