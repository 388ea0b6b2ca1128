// Loaded before the gateway, as an OpenTelemetry SDK is: writes the name of each span that ends.
import { appendFileSync } from "node:fs";
import { trace } from "@opentelemetry/api";
import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";

const file = process.env["OTEL_TEST_SPANS"] ?? "";
const settled = () => Promise.resolve();
const onEnd = ({ name }) => appendFileSync(file, `${name}\n`);
const writer = { onStart: () => undefined, onEnd, shutdown: settled, forceFlush: settled };
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [writer] }));
