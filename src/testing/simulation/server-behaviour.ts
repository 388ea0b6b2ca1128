import type { OpenStage } from "../../errors/index.js";
import type { ToolDescription } from "../../ports/mcp-client.js";
import type { ProcessShape } from "./process-shape.js";

/** Virtual milliseconds, or never. */
export type Delay = number | "never";

/** How a virtual server behaves, as plain data. An empty object is a server that does everything at once and well. */
export interface ServerBehaviour {
  /** Stdio: the leader of its process tree with all that it starts. */
  readonly tree?: ProcessShape | undefined;
  readonly open?: OpenBehaviour | undefined;
  readonly calls?: CallBehaviour | undefined;
  readonly http?: HttpBehaviour | undefined;
  /** Names, or whole descriptions. Default: one tool, `echo`. */
  readonly tools?: readonly (string | ToolDescription)[] | undefined;
  /** What a look finds as the end of its stderr. */
  readonly stderr?: string | undefined;
  /** In memory: `close` of the server takes so long. Default 0. */
  readonly closeMs?: Delay | undefined;
}

/** A list gives one behaviour an opening, by the order of creation; its last repeats. */
export type ServerBehaviours = Record<string, ServerBehaviour | readonly ServerBehaviour[]>;

/** Each default 0. */
export interface OpenBehaviour {
  /** Until the process exists. An abort does not shorten it, as it does not shorten a real spawn. */
  readonly spawnMs?: Delay | undefined;
  readonly initializeMs?: Delay | undefined;
  readonly listMs?: Delay | undefined;
  /** The stage that fails, once its time has passed. */
  readonly failAt?: OpenStage | undefined;
  /** From the abort until the opening rejects. */
  readonly abortMs?: Delay | undefined;
  /** True: an abort changes nothing; it succeeds when it would have (LP-18). */
  readonly ignoresAbort?: boolean | undefined;
}

/** How a virtual server answers calls. */
export interface CallBehaviour {
  /** Until the answer; default 0. */
  readonly answerMs?: Delay | undefined;
  /** True: the answer is an error of the server. */
  readonly fail?: boolean | undefined;
  /** Progress is notified so often until the answer (LP-53). */
  readonly progressEveryMs?: number | undefined;
}

/** What an HTTP server does beyond answering. Requests read it when they are made, so that a change counts from the next one. */
export interface HttpBehaviour {
  /** False: it issues no session id, and there is nothing to delete. Default true. */
  readonly keepsSessions?: boolean | undefined;
  /** From the initialize request, when the session comes into being, until its id is answered. Default: `open.initializeMs`. */
  readonly idMs?: Delay | undefined;
  /** Answer to DELETE; default 200. 405: it keeps the session and lets nobody delete it. 404: it had forgotten it. */
  readonly delete?: 200 | 404 | 405 | 500 | "never" | undefined;
  /** Until that answer; default 0. */
  readonly deleteMs?: number | undefined;
  /** Nobody answers there: opening and DELETE fail. */
  readonly unreachable?: boolean | undefined;
  /** So long after opening, the stream ends for good: the connection is lost, the session is not. */
  readonly dropsAfterMs?: number | undefined;
  /** So long after opening, it forgets the session: the next call is answered by 404, and the connection is lost (LP-42). */
  readonly forgetsAfterMs?: number | undefined;
  /** Sockets are closed so long after the end of input; default 0. */
  readonly socketsLingerMs?: Delay | undefined;
}

/** The behaviour of the nth opening (from 0) of a server. Servers that nobody described behave well. */
export function behaviourOf(behaviours: ServerBehaviours, server: string, opening: number): ServerBehaviour {
  const found = behaviours[server];
  if (found === undefined) return {};
  return (isList(found) ? found[Math.min(opening, found.length - 1)] : found) ?? {};
}

/** The tools it lists. */
export function toolsOf({ tools = ["echo"] }: ServerBehaviour): ToolDescription[] {
  return tools.map((tool) =>
    typeof tool === "string" ? { name: tool, inputSchema: { type: "object" } } : { ...tool },
  );
}

function isList(value: ServerBehaviour | readonly ServerBehaviour[]): value is readonly ServerBehaviour[] {
  return Array.isArray(value);
}
