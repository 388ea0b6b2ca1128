import type { InspectedSession, Inspection } from "../supervisor/inspection.js";
import type { SessionReceipt } from "../supervisor/receipts.js";
import type { GatewayContext } from "./context.js";
import type { EndedSessions } from "./ended-sessions.js";
import type { HttpSession } from "./sessions/http-session.js";

/** What an operator sees; nothing secret is in it. */
export interface Overview extends Pick<Inspection, "admission" | "netUsed" | "recovery"> {
  readonly gateway: { readonly name: string; readonly version: string; readonly servers: readonly string[] };
  /** Generations that are not closed: those that serve, and those that end. */
  readonly sessions: readonly OverviewSession[];
  /** Receipts of the last ended, newest first. */
  readonly ended: readonly SessionReceipt[];
}

/** A generation, and who it serves if it does. Times in milliseconds since the epoch. */
export interface OverviewSession extends InspectedSession {
  readonly client?:
    | {
        readonly name?: string | undefined;
        readonly version?: string | undefined;
        readonly address: string;
        readonly openedAt: number;
        readonly lastSeenAt: number;
        /** Requests and streams that the client has open. */
        readonly open: number;
        readonly streams: number;
        readonly requestsUnderWay: number;
      }
    | undefined;
}

/** Reads it all, now. */
export function overview(parts: {
  readonly context: GatewayContext;
  readonly ended: EndedSessions;
  readonly served: (key: string) => HttpSession | undefined;
}): Overview {
  const { context, ended, served } = parts;
  const { sessions, admission, netUsed, recovery } = context.supervisor.inspect();
  const { name, version } = context.info;
  return context.redactor.data({
    gateway: { name, version, servers: Object.keys(context.servers()) },
    sessions: sessions.map((session) => withClient(session, served(session.key))),
    admission,
    netUsed,
    recovery,
    ended: ended.receipts,
  });
}

/** A former generation of a key serves nobody. */
function withClient(session: InspectedSession, http: HttpSession | undefined): OverviewSession {
  if (http === undefined || http.core.supervised.id !== session.id) return session;
  const { core, presence, address, openedAt, streams } = http;
  const { client, requestsUnderWay } = core;
  const { lastSeenAt, open } = presence;
  const { name, version } = client ?? {};
  return { ...session, client: { name, version, address, openedAt, lastSeenAt, open, streams, requestsUnderWay } };
}
