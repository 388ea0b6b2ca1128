import { ConfigError } from "../../errors/index.js";
import type { GatewayView, Route } from "../../gateway/index.js";
import { instrumentationName } from "../../telemetry/opentelemetry.js";
import { recordMetrics } from "../../telemetry/record-metrics.js";

const packages = ["@opentelemetry/api", "@opentelemetry/sdk-metrics", "@opentelemetry/exporter-prometheus"];

/** `GET /metrics` for Prometheus. Rejects with `ConfigError` where the packages of OpenTelemetry are not installed. */
export async function metricsRoutes(): Promise<(view: GatewayView) => readonly Route[]> {
  const { MeterProvider, PrometheusExporter, PrometheusSerializer } = await openTelemetry();
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  // It has a server of its own; ours asks for the token.
  const reader = new PrometheusExporter({ preventServerStart: true });
  const meter = new MeterProvider({ readers: [reader] }).getMeter(instrumentationName);
  return ({ supervisor }) => {
    recordMetrics(supervisor, meter);
    return [
      {
        method: "GET",
        path: "/metrics",
        answer: async ({ response }) => {
          const { resourceMetrics } = await reader.collect();
          response.writeHead(200, {
            "Content-Type": "text/plain; version=0.0.4; charset=utf-8",
            "Cache-Control": "no-store",
          });
          response.end(serializer.serialize(resourceMetrics));
        },
      },
    ];
  };
}

async function openTelemetry() {
  try {
    return { ...(await import("@opentelemetry/sdk-metrics")), ...(await import("@opentelemetry/exporter-prometheus")) };
  } catch (error) {
    throw new ConfigError(
      "--metrics",
      `needs packages that are not installed: npm install ${packages.join(" ")}`,
      error,
    );
  }
}
