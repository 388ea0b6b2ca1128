import type { AnyMachineSnapshot } from "xstate";
import type { SessionReceipt } from "../../../src/supervisor/receipts.js";
import { machinesBelow } from "./actor-probe.js";
import type { GatedTransport } from "./gated-transport.js";
import type { Life } from "./life.js";

/** A sentence for the first invariant that does not hold at a quiescent point; `isWell` if nothing in the script was a fault. */
export function brokenIn(life: Life, { isWell }: { isWell: boolean }): string | undefined {
  const [violation] = life.violations;
  if (violation !== undefined) return violation;
  for (const invariant of life.isClosed ? [...always, ...atTheEnd] : always) {
    const sentence = invariant(life);
    if (sentence !== undefined) return sentence;
  }
  return isWell ? unwell(life) : undefined;
}

const goodbyesAtMost = 5;

type Invariant = (life: Life) => string | undefined;

const always: readonly Invariant[] = [
  (life) =>
    broken(
      life.transports.find((transport) => isLeft(transport) && !isInCustody(transport, life)),
      ({ server }) => `I1: a live transport of ${server} is in nobody's custody`,
    ),
  (life) =>
    broken(
      life.supervisor.custody.all().find(({ id }) => ownersOf(life, id) !== 1),
      ({ id, server }) => `I1: the transport of ${server} has ${ownersOf(life, id)} owners`,
    ),
  ({ states }) =>
    states.filter((state) => state.endsWith(".disposing")).length > 1 ? "I3: dispose began twice" : undefined,
  ({ states }) => (terminalsIn(states) > 1 ? "I3: two terminal states were entered" : undefined),
  ({ isEnding, transports }) =>
    broken(
      transports.find(({ isOpening, signal }) => isEnding && isOpening && signal?.aborted !== true),
      ({ server }) => `I4: the open of ${server} in flight was not aborted`,
    ),
  ({ receipts }) => (receipts.size > 1 ? "I7: two receipts of one end" : undefined),
  ({ supervisor, transports }) => {
    const { trees } = supervisor.inspect().admission;
    const alive = transports.filter(({ hasTree }) => hasTree).length;
    return trees < alive ? `I8: ${alive} trees live, and admission counts ${trees}` : undefined;
  },
  ({ isEnding, isClosed, session, clock }) =>
    isEnding && !isClosed && !session.state.endsWith(".leaked") && !clock.pending.some(({ ref }) => ref)
      ? `I9: no timer is armed in ${session.state}`
      : undefined,
  ({ receipts, clock, endBy }) =>
    receipts.size === 0 && clock.now() > endBy
      ? `I9: at ${clock.now()} ms it is neither closed nor leaked, due by ${endBy} ms`
      : undefined,
  ({ receipts, clock, killBy, supervisor, transports }) =>
    broken(
      transports.find(
        ({ hasTree, wasKilled, request }) =>
          hasTree &&
          !wasKilled &&
          receipts.size === 0 &&
          clock.now() > killBy &&
          supervisor.custody.get(request.connectionId)?.wasLeaked === false,
      ),
      ({ server }) => `I9: at ${clock.now()} ms ${server} was not killed, due by ${killBy} ms`,
    ),
  ({ supervisor, transports }) =>
    broken(
      transports.find(
        ({ kind, hasLeader, request }) =>
          kind === "stdio" && !hasLeader && supervisor.custody.get(request.connectionId)?.state === "open",
      ),
      ({ server }) => `I12: ${server} is open with a dead leader`,
    ),
  ({ supervisor }) => (supervisor.inspect().netUsed > 0 ? "the net was used" : undefined),
  ({ session }) => (session.state === "failed" ? "the session's machine is in error" : undefined),
];

const atTheEnd: readonly Invariant[] = [
  (life) =>
    broken(
      life.transports.find((transport) => isLeft(transport) || !transport.isDisposed),
      ({ server, isDisposed }) => `I2: closed, and ${server} is ${isDisposed ? "alive" : "not disposed of"}`,
    ),
  ({ clock }) => (clock.pending.length > 0 ? `I2: closed, and ${clock.pending.length} timer(s) are armed` : undefined),
  ({ supervisor }) => {
    const { admission, sessions } = supervisor.inspect();
    const held = supervisor.custody.all().length + admission.liveSessions + admission.trees + sessions.length;
    return held > 0 ? "I2: closed, and the supervisor still holds something of it" : undefined;
  },
  ({ states, transports }) => {
    const disposals = states.filter((state) => state.endsWith(".disposing")).length;
    // One that never had anything is through within one step of its machine, and nobody sees it dispose.
    return transports.length > 0 && disposals !== 1 ? `I3: disposed ${disposals} times` : undefined;
  },
  ({ receipts, transports }) => {
    const [receipt] = receipts;
    if (receipt === undefined) return "I7: closed without a receipt";
    return receipt.connections.length === transports.length
      ? undefined
      : `I7: the receipt lists ${receipt.connections.length} of ${transports.length} connections`;
  },
  ({ awaited }) => (awaited.length > 0 ? `I15: closed, and the host still waits for ${awaited.join(", ")}` : undefined),
];

/** I13: where every port answers promptly and well, nothing is leaked, and nothing has to be forced, unless a call took all the time. */
function unwell({ receipts, killBy }: Life): string | undefined {
  const [receipt] = receipts;
  if (receipt === undefined || receipt.endedAt >= killBy) return undefined;
  if (receipt.outcome !== "closed") return "I13: leaked, and every port answered well";
  const means = forcedMeansOf(receipt);
  return means === undefined ? undefined : `I13: ${means} was used, and every port answered well`;
}

function forcedMeansOf({ connections }: SessionReceipt): string | undefined {
  return connections.map(({ means }) => means).find((means) => means === "SIGTERM" || means === "SIGKILL");
}

/** A session of a server that five goodbyes could not reach is given up, and its receipt says so. */
function isLeft({ isAlive, hasTree, isOpening, goodbyes }: GatedTransport): boolean {
  return isAlive && (hasTree || isOpening || goodbyes < goodbyesAtMost);
}

function isInCustody(transport: GatedTransport, { supervisor }: Life): boolean {
  return supervisor.custody.get(transport.request.connectionId)?.handle === transport;
}

function ownersOf(life: Life, connection: string): number {
  return machinesBelow(life.actor)
    .map((actor) => actor.getSnapshot() as AnyMachineSnapshot)
    .filter(({ status, context }) => status === "active" && (context as { id?: string }).id === connection).length;
}

function terminalsIn(states: readonly string[]): number {
  const terminals = states.filter((state) => !state.startsWith("active") && state !== "closed");
  return new Set(terminals.map((state) => state.split(".")[0])).size;
}

function broken<T>(found: T | undefined, sentence: (found: T) => string): string | undefined {
  return found === undefined ? undefined : sentence(found);
}
