import type { FetchLike } from "@modelcontextprotocol/sdk/shared/transport.js";
import type { GatewayClock } from "./gateway-clock.js";
import type { GatewayLife } from "./gateway-life.js";
import { onAbort } from "./open-error.js";
import { behaviourOf, type ServerBehaviours } from "./server-behaviour.js";
import type { VirtualHttpSession, VirtualHttpSessions } from "./virtual-network.js";
import { startRequest } from "./virtual-request.js";

export interface VirtualFetchOptions {
  readonly life: GatewayLife;
  readonly clock: GatewayClock;
  readonly sessions: VirtualHttpSessions;
  readonly behaviours: () => ServerBehaviours;
}

/** The fetch of who deletes sessions of the dead: a DELETE is answered as the server of that session answers it now. */
export function virtualFetch({ life, clock, sessions, behaviours }: VirtualFetchOptions): FetchLike {
  return async (_url, init) => {
    const id = new Headers(init?.headers).get("mcp-session-id");
    const session = sessions.all().find((each) => each.id === id);
    const http = session && behaviourOf(behaviours(), session.server, Infinity).http;
    const { delete: answer = 200, deleteMs = 0, unreachable = false } = http ?? {};
    const sent = startRequest({
      clock,
      schedule: life.schedule,
      label: `DELETE ${id}`,
      afterMs: answer === "never" ? "never" : deleteMs,
      answer: () => {
        if (unreachable) throw new TypeError("fetch failed");
        return new Response(null, { status: session === undefined ? 404 : answered(session, answer, sessions) });
      },
    });
    const signal = init?.signal ?? undefined;
    const stop = onAbort(signal, () => sent.fail(signal?.reason as Error));
    try {
      return await sent.answered;
    } finally {
      stop();
    }
  };
}

function answered(
  session: VirtualHttpSession,
  status: 200 | 404 | 405 | 500 | "never",
  sessions: VirtualHttpSessions,
): number {
  if (status === 405) session.undeletable = true;
  else if (status !== 500) sessions.remove(session);
  return status === "never" ? 500 : status;
}
