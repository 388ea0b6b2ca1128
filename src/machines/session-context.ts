import type { SessionContext, SessionInput, SessionOutput } from "./session-types.js";

/**
 * Name of a runtime's actor: the last part of its id. Short and used again by other sessions, because XState remembers every type of
 * done event for ever (LP-55).
 */
export function actorOf(runtime: string): string {
  return runtime.slice(runtime.lastIndexOf("/") + 1);
}

/** The context a session begins with. */
export function initialSession({ input }: { input: SessionInput }): SessionContext {
  return {
    ...input,
    longestClosingMs: longestClosing(input.servers),
    longestVerifyMs: longestVerify(input.servers),
    leases: [],
    lastUse: 0,
    callsInFlight: 0,
    lifetimeIsOver: false,
    retirement: undefined,
    current: undefined,
    runtimes: {},
    sequence: 0,
    wanted: [],
    catalogue: {},
    end: undefined,
    budget: undefined,
    disposal: undefined,
    isGone: false,
  };
}

/** What a closed session leaves. */
export function sessionOutput({ context }: { context: SessionContext }): SessionOutput {
  return { id: context.id, end: context.end };
}

/** Of any of these servers, the longest sum of graces; milliseconds. */
export function longestClosing(servers: SessionInput["servers"]): number {
  const sums = Object.values(servers).map(
    ({ graces }) =>
      graces.settleMs +
      graces.releaseMs +
      graces.inputEndedMs +
      graces.terminatingMs +
      graces.verifyMs +
      graces.drainMs +
      (graces.afterCloseMs === undefined ? 0 : graces.afterCloseMs + graces.verifyMs),
  );
  return Math.max(0, ...sums);
}

/** Of any of these servers, the longest `verifyMs`. */
export function longestVerify(servers: SessionInput["servers"]): number {
  return Math.max(0, ...Object.values(servers).map(({ graces }) => graces.verifyMs));
}
