import type { Logger } from "../ports/index.js";
import type { Subscription, Supervisor } from "../supervisor/face.js";
import { logEvents } from "./log-events.js";
import {
  instrumentationName,
  type MeterProvider,
  type OpenTelemetryApi,
  type TracerProvider,
} from "./opentelemetry.js";
import { recordMetrics } from "./record-metrics.js";
import { together } from "./subscriptions.js";
import { traceSessions } from "./trace-sessions.js";

/** What is to be written of a supervisor, and where. */
export interface ObserveOptions {
  /** Gets a line for each event; pino fits. Default: no lines. */
  readonly logger?: Logger | undefined;
  /** The package `@opentelemetry/api`, as the host imports it. Default: no metrics and no traces. */
  readonly opentelemetry?: OpenTelemetryApi | undefined;
  /** Default: the one that is registered with the api. `false`: no metrics. */
  readonly meterProvider?: MeterProvider | false | undefined;
  /** Default: the one that is registered with the api. `false`: no traces. */
  readonly tracerProvider?: TracerProvider | false | undefined;
}

/**
 * Writes what a supervisor announces to logs, metrics and traces, until it is disposed. What a session did before is not told.
 *
 * @example
 * import * as opentelemetry from "@opentelemetry/api";
 * const observation = observe(supervisor, { logger: pino(), opentelemetry });
 */
export function observe(supervisor: Supervisor, options: ObserveOptions): Subscription {
  const { logger, opentelemetry: api } = options;
  const { meterProvider = api?.metrics ?? false, tracerProvider = api?.trace ?? false } = options;
  return together([
    ...(logger === undefined ? [] : [logEvents(supervisor, logger)]),
    ...(meterProvider === false ? [] : [recordMetrics(supervisor, meterProvider.getMeter(instrumentationName))]),
    ...(tracerProvider === false || api === undefined
      ? []
      : [traceSessions(supervisor, { api, tracer: tracerProvider.getTracer(instrumentationName) })]),
  ]);
}
