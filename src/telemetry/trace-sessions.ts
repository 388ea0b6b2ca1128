import type { Subscription, Supervisor } from "../supervisor/face.js";
import { attribute, momentOf, type OpenTelemetryApi, type SpanContext, type Tracer } from "./opentelemetry.js";
import { lastMeans } from "./means.js";
import { SessionTrace } from "./session-trace.js";
import { together } from "./subscriptions.js";

/**
 * A trace for each session's life: spans for the session, its runtimes, its connections, and of each connection the opening, the time it was open, the
 * closing and its steps. A child session's trace links to its parent's. Spans are handed on when they end, the session's own last.
 */
export function traceSessions(
  supervisor: Supervisor,
  { api, tracer }: { readonly api: OpenTelemetryApi; readonly tracer: Tracer },
): Subscription {
  const traces = new Map<string, SessionTrace>();
  /** Of sessions that ended leaked, for the proof that may come. */
  const leaked = new Map<string, { readonly context: SpanContext; readonly at: number }>();

  return together([
    supervisor.on("session", (event) => {
      const known = traces.get(event.session);
      if (known !== undefined) known.stateEntered(event);
      // Ended already, as leaked: nothing but its proof is news.
      else if (!leaked.has(event.session)) {
        const parent = event.parent === undefined ? undefined : traces.get(event.parent)?.spanContext;
        traces.set(event.session, new SessionTrace({ api, tracer, event, parent }));
      }
    }),
    supervisor.on("runtime", (event) => traces.get(event.session)?.runtimeChanged(event)),
    supervisor.on("connection", (event) => traces.get(event.session)?.connectionChanged(event)),
    supervisor.on("receipt", (receipt) => {
      const trace = traces.get(receipt.session);
      traces.delete(receipt.session);
      if (trace === undefined) return;
      trace.ended(receipt);
      if (receipt.outcome === "leaked") {
        leaked.set(receipt.session, { context: trace.spanContext, at: receipt.endedAt });
      }
    }),
    ...(["recovered", "forgotten"] as const).map((name) =>
      supervisor.on(name, (receipt) => {
        const former = leaked.get(receipt.session);
        leaked.delete(receipt.session);
        if (former === undefined) return;
        const options = {
          startTime: momentOf(former.at),
          links: [{ context: former.context }],
          attributes: { [attribute.generation]: receipt.session, [attribute.means]: lastMeans(receipt.connections) },
        };
        tracer.startSpan(`mcp.session.${name}`, options, api.ROOT_CONTEXT).end(momentOf(receipt.endedAt));
      }),
    ),
  ]);
}
