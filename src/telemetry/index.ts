export { logEvents } from "./log-events.js";
export { observe, type ObserveOptions } from "./observe.js";
export type { OpenTelemetryApi } from "./opentelemetry.js";
export { recordMetrics } from "./record-metrics.js";
export { traceSessions } from "./trace-sessions.js";
