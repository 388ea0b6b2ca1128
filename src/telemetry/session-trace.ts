import type { SupervisorEvents } from "../supervisor/events.js";
import type { ConnectionReceipt, SessionReceipt } from "../supervisor/receipts.js";
import { lastMeans } from "./means.js";
import {
  attribute,
  type Context,
  momentOf,
  type OpenTelemetryApi,
  type Span,
  type SpanContext,
  type Tracer,
} from "./opentelemetry.js";

/** A span that others are put under. */
interface Node {
  readonly span: Span;
  readonly context: Context;
}

/** A connection's span, and that of what it does at the moment. */
interface ConnectionNode extends Node {
  phase: Node;
  isLeaked: boolean;
}

/** The spans of one session. */
export class SessionTrace {
  readonly #api: OpenTelemetryApi;
  readonly #tracer: Tracer;
  readonly #session: Node;
  readonly #runtimes = new Map<string, Node>();
  readonly #connections = new Map<string, ConnectionNode>();

  constructor(options: {
    readonly api: OpenTelemetryApi;
    readonly tracer: Tracer;
    readonly event: SupervisorEvents["session"];
    readonly parent: SpanContext | undefined;
  }) {
    const { api, tracer, event, parent } = options;
    this.#api = api;
    this.#tracer = tracer;
    const span = tracer.startSpan(
      "mcp.session",
      {
        root: true,
        startTime: momentOf(event.at),
        attributes: { [attribute.sessionKey]: event.key, [attribute.generation]: event.session },
        links: parent === undefined ? [] : [{ context: parent }],
      },
      api.ROOT_CONTEXT,
    );
    this.#session = { span, context: api.trace.setSpan(api.ROOT_CONTEXT, span) };
    this.stateEntered(event);
  }

  get spanContext(): SpanContext {
    return this.#session.span.spanContext();
  }

  stateEntered({ state, at }: SupervisorEvents["session"]): void {
    this.#session.span.addEvent(state, momentOf(at));
  }

  runtimeChanged({ runtime, state, at }: SupervisorEvents["runtime"]): void {
    const known = this.#runtimes.get(runtime);
    if (known === undefined) {
      const attributes = { [attribute.runtime]: runtime };
      this.#runtimes.set(runtime, this.#begin("mcp.runtime", { under: this.#session, at, attributes }));
    } else if (state === "ended") {
      known.span.end(momentOf(at));
      this.#runtimes.delete(runtime);
    } else {
      known.span.addEvent(state, momentOf(at));
    }
  }

  connectionChanged(event: SupervisorEvents["connection"]): void {
    const { connection, state, at, pid, containment, receipt } = event;
    const node = this.#connections.get(connection) ?? this.#opening(event);
    if (pid !== undefined) node.span.setAttribute("process.pid", pid);
    if (containment !== undefined) node.span.setAttribute(attribute.containment, containment);
    if (state === "open" || state === "closing") {
      node.phase.span.end(momentOf(at));
      node.phase = this.#begin(`mcp.connection.${state}`, { under: node, at });
    } else if (state === "leaked") {
      if (!node.isLeaked) node.span.addEvent(state, momentOf(at));
      node.isLeaked = true;
    } else if (state === "closed") {
      if (receipt !== undefined) this.#prove(node, receipt);
      this.#end(connection, node, at);
    }
  }

  /** Whatever is not over by then is leaked. */
  ended(receipt: SessionReceipt): void {
    const { endedAt, reason, cause, outcome, connections } = receipt;
    for (const [id, node] of this.#connections) {
      const proof = connections.find((connection) => connection.id === id);
      if (proof !== undefined) this.#prove(node, proof);
      this.#end(id, node, endedAt);
    }
    for (const { span } of this.#runtimes.values()) span.end(momentOf(endedAt));
    const { span } = this.#session;
    span.setAttributes({
      [attribute.reason]: reason,
      [attribute.cause]: cause,
      [attribute.outcome]: outcome,
      [attribute.means]: lastMeans(connections),
    });
    if (outcome === "leaked" || reason === "errored") this.#fail(span, outcome === "leaked" ? outcome : cause);
    span.end(momentOf(endedAt));
  }

  #opening({ connection, runtime, server, kind, at }: SupervisorEvents["connection"]): ConnectionNode {
    const attributes = { [attribute.connection]: connection, [attribute.server]: server, [attribute.transport]: kind };
    const node = this.#begin("mcp.connection", { under: this.#runtimes.get(runtime) ?? this.#session, at, attributes });
    const opening = { ...node, phase: this.#begin("mcp.connection.opening", { under: node, at }), isLeaked: false };
    this.#connections.set(connection, opening);
    return opening;
  }

  #prove({ span, phase }: ConnectionNode, { outcome, means, exit, failure, phases }: ConnectionReceipt): void {
    for (const { name, startedAt, endedAt, problem } of phases) {
      const step = this.#begin(`mcp.connection.closing.${name}`, { under: phase, at: startedAt });
      if (problem !== undefined) this.#fail(step.span, problem);
      step.span.end(momentOf(endedAt));
    }
    span.setAttributes({ [attribute.outcome]: outcome, [attribute.means]: means });
    if (typeof exit?.code === "number") span.setAttribute("process.exit.code", exit.code);
    if (failure !== undefined || outcome !== "closed") this.#fail(span, failure ?? outcome);
  }

  #end(id: string, { span, phase }: ConnectionNode, at: number): void {
    phase.span.end(momentOf(at));
    span.end(momentOf(at));
    this.#connections.delete(id);
  }

  #fail(span: Span, message: string): void {
    span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message });
  }

  #begin(name: string, at: { under: Node; at: number; attributes?: Record<string, string> }): Node {
    const { under, attributes = {} } = at;
    const span = this.#tracer.startSpan(name, { startTime: momentOf(at.at), attributes }, under.context);
    return { span, context: this.#api.trace.setSpan(under.context, span) };
  }
}
