import { parseDuration } from "../../config/index.js";
import { isLifecycleError } from "../../errors/index.js";
import type { GatewayContext } from "../context.js";
import type { EndedSessions } from "../ended-sessions.js";
import { overview } from "../overview.js";
import type { HttpSession } from "../sessions/http-session.js";
import type { HttpSessions } from "../sessions/http-sessions.js";
import { answerJson, type Exchange, type Refusal, refuse, type Route } from "./exchange.js";

/** For whoever runs the gateway: what there is, and how to end it. */
export function operatorRoutes(parts: {
  readonly context: GatewayContext;
  readonly sessions: HttpSessions;
  readonly ended: EndedSessions;
  readonly isShuttingDown: () => boolean;
}): readonly Route[] {
  const { context, sessions, ended, isShuttingDown } = parts;
  const see = () => overview({ context, ended, served: (key) => sessions.byKey(key) });

  const ofSession = async (
    exchange: Exchange,
    act: (session: HttpSession, deadlineMs: number | undefined) => unknown,
  ) => {
    const session = sessions.byKey(exchange.params["key"] ?? "");
    if (session === undefined) return refuse(exchange.response, unknownKey);
    const deadline = deadlineOf(exchange.url);
    if (typeof deadline === "object") return refuse(exchange.response, deadline);
    answerJson(exchange.response, context.redactor.data(await act(session, deadline)));
  };
  return [
    { method: "GET", path: "/sessions", answer: ({ response }) => answerJson(response, see()) },
    {
      method: "GET",
      path: "/sessions/:key",
      answer: ({ response, params }) => {
        const key = params["key"];
        const { sessions: live, ended: over } = see();
        const found = { sessions: live.filter((one) => one.key === key), ended: over.filter((one) => one.key === key) };
        if (found.sessions.length + found.ended.length === 0) return refuse(response, unknownKey);
        answerJson(response, found);
      },
    },
    {
      method: "DELETE",
      path: "/sessions/:key",
      answer: (exchange) =>
        ofSession(exchange, ({ core }, deadlineMs) => core.end({ reason: "ended", cause: "deleted", deadlineMs })),
    },
    {
      method: "POST",
      path: "/sessions/:key/reset",
      answer: (exchange) =>
        ofSession(exchange, async ({ core }, deadlineMs) => {
          const receipt = core.reset({ deadlineMs });
          const { key, id } = core.supervised;
          return { receipt: await receipt, next: { key, id } };
        }),
    },
    {
      method: "GET",
      path: "/healthz",
      isPublic: true,
      answer: ({ response }) => {
        const isEnding = isShuttingDown();
        answerJson(response, { status: isEnding ? "shutting down" : "ok" }, isEnding ? 503 : 200);
      },
    },
  ];
}

/** `?deadlineMs=2000`: the end is closed or leaked within so many milliseconds. */
function deadlineOf(url: URL): number | Refusal | undefined {
  const text = url.searchParams.get("deadlineMs");
  if (text === null) return undefined;
  try {
    return parseDuration("deadlineMs", text === "" ? Number.NaN : Number(text));
  } catch (error) {
    if (!isLifecycleError(error)) throw error;
    return { status: 400, code: error.code, message: error.message };
  }
}

const unknownKey: Refusal = {
  status: 404,
  code: "SESSION_NOT_FOUND",
  message: "no session of that key is served; GET /sessions lists keys and receipts",
};
