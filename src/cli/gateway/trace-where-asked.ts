import type { Supervisor } from "../../supervisor/face.js";
import { observe } from "../../telemetry/index.js";

/**
 * Traces go to whatever OpenTelemetry SDK was loaded before (`NODE_OPTIONS=--import …`), and metrics too. That one is meant to be used is said, as
 * everywhere, by variables that begin with OTEL_; without them nothing is loaded.
 */
export async function traceWhereAsked(supervisor: Supervisor): Promise<void> {
  if (!Object.keys(process.env).some((name) => name.startsWith("OTEL_"))) return;
  // Not installed, so nobody registered an SDK either.
  const opentelemetry = await import("@opentelemetry/api").catch(() => undefined);
  if (opentelemetry !== undefined) observe(supervisor, { opentelemetry });
}
