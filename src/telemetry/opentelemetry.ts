import type { Context, Meter, MeterProvider, Span, SpanContext, Tracer, TracerProvider } from "@opentelemetry/api";

/**
 * What is used of the package `@opentelemetry/api`. The host hands it over (`import * as opentelemetry from "@opentelemetry/api"`), so that nobody
 * needs it who does not, and there are never two of it.
 */
export interface OpenTelemetryApi {
  readonly metrics: MeterProvider;
  readonly trace: TracerProvider & { setSpan(context: Context, span: Span): Context };
  readonly ROOT_CONTEXT: Context;
  readonly SpanStatusCode: { readonly ERROR: 2 };
}

export type { Context, Meter, MeterProvider, Span, SpanContext, Tracer, TracerProvider };

/** Name under which meters and tracers are asked for. */
export const instrumentationName = "mcp-lifecycle";

/** Names of attributes, of metrics and spans alike. */
export const attribute = {
  state: "mcp.lifecycle.state",
  server: "mcp.lifecycle.server",
  transport: "mcp.lifecycle.transport",
  outcome: "mcp.lifecycle.outcome",
  reason: "mcp.lifecycle.reason",
  cause: "mcp.lifecycle.cause",
  means: "mcp.lifecycle.means",
  sessionKey: "mcp.lifecycle.session.key",
  generation: "mcp.lifecycle.session.generation",
  runtime: "mcp.lifecycle.runtime",
  connection: "mcp.lifecycle.connection",
  containment: "mcp.lifecycle.containment",
  place: "mcp.lifecycle.place",
} as const;

/** The clock's milliseconds as seconds and nanoseconds: a small number would be taken for the time since the process began. */
export function momentOf(at: number): [seconds: number, nanoseconds: number] {
  return [Math.floor(at / 1_000), Math.floor((at % 1_000) * 1e6)];
}
