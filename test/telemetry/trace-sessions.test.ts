import * as opentelemetry from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { describe, expect, test } from "vitest";
import { observe } from "../../src/telemetry/index.js";
import { presets, type ServerBehaviours } from "../../src/testing/simulation/index.js";
import { simulate } from "../supervisor/simulated.js";

describe("the trace of a session", () => {
  test("should have a span for each part of its life, each under what it belongs to", async () => {
    const { session, run, names, spans } = begin({ files: { ...presets.slowStart, ...presets.ignoresEof } });
    await run(session.run((lease) => lease.client("files")));
    await run(session.end({ reason: "reset" }));

    expect(names()).toEqual([
      "mcp.session",
      "  mcp.runtime",
      "    mcp.connection",
      "      mcp.connection.opening",
      "      mcp.connection.open",
      "      mcp.connection.closing",
      "        mcp.connection.closing.inputEnded",
      "        mcp.connection.closing.terminating",
    ]);
    const [root] = spans("mcp.session");
    expect(root?.attributes).toMatchObject({
      "mcp.lifecycle.session.key": "chat",
      "mcp.lifecycle.reason": "reset",
      "mcp.lifecycle.outcome": "closed",
      "mcp.lifecycle.means": "SIGTERM",
    });
    expect(root?.events.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["active.dormant", "active.live.busy", "reset.disposing"]),
    );
    expect(spans("mcp.connection")[0]?.attributes).toMatchObject({
      "mcp.lifecycle.server": "files",
      "process.pid": expect.any(Number),
    });
  });

  test("should last as long as what it tells of, by the clock", async () => {
    const { session, run, spans } = begin({ files: presets.ignoresEof });
    await run(session.run((lease) => lease.client("files")));
    const receipt = await run(session.end());
    const [closing] = spans("mcp.connection.closing");
    const [phase] = receipt.connections[0]?.phases ?? [];
    const [step] = spans("mcp.connection.closing.inputEnded");
    expect(milliseconds(step?.duration)).toBeCloseTo((phase?.endedAt ?? 0) - (phase?.startedAt ?? 0), 0);
    expect(milliseconds(closing?.duration)).toBeGreaterThanOrEqual(milliseconds(step?.duration));
  });

  test("should link a child session's trace to its parent's", async () => {
    const { supervisor, session, run, spans } = begin({ files: {} });
    const child = supervisor.session("helper", { parent: session });
    await run(child.end());
    await run(session.end());
    const [helper, parent] = spans("mcp.session");
    expect(helper?.links.map(({ context }) => context.spanId)).toEqual([parent?.spanContext().spanId]);
    expect(helper?.spanContext().traceId).not.toBe(parent?.spanContext().traceId);
  });

  test("should say that a server could not be opened", async () => {
    const { session, run, spans } = begin({ mail: presets.failsToInitialize });
    await run(session.run((lease) => lease.catalog()));
    await run(session.end());
    const [connection] = spans("mcp.connection");
    expect(connection?.status).toMatchObject({ code: opentelemetry.SpanStatusCode.ERROR });
    expect(spans("mcp.session")[0]?.status.code).toBe(opentelemetry.SpanStatusCode.UNSET);
  });

  test("should end with a leak, whose proof is a trace of its own that links to it", async () => {
    const { session, run, spans, world } = begin({ stuck: presets.unkillable });
    await run(session.run((lease) => lease.client("stuck")));
    await run(session.end());
    const [root] = spans("mcp.session");
    expect(root?.status).toMatchObject({ code: opentelemetry.SpanStatusCode.ERROR, message: "leaked" });
    expect(spans("mcp.connection")[0]?.events.map(({ name }) => name)).toEqual(["leaked"]);

    world.recover();
    await world.clock.advanceBy(120_000);
    const [recovered] = spans("mcp.session.recovered");
    expect(recovered?.links.map(({ context }) => context.spanId)).toEqual([root?.spanContext().spanId]);
    expect(spans("mcp.session")).toHaveLength(1);
  });

  test("should leave no span open, whatever the servers do", async () => {
    const behaviours = { a: {}, b: presets.crashes, c: presets.failsToInitialize, d: presets.slowStart };
    const { supervisor, session, run, started, ended } = begin(behaviours);
    const lease = await session.acquire();
    const opening = lease.client("d").catch(() => undefined);
    await run(lease.client("a"));
    await run(supervisor.shutdown());
    await run(opening);
    expect(ended()).toBe(started());
  });
});

function begin(behaviours: ServerBehaviours) {
  const simulated = simulate(behaviours);
  const exporter = new InMemorySpanExporter();
  let started = 0;
  const counting = {
    onStart: () => void (started += 1),
    onEnd: () => undefined,
    shutdown: () => Promise.resolve(),
    forceFlush: () => Promise.resolve(),
  };
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [counting, new SimpleSpanProcessor(exporter)] });
  observe(simulated.supervisor, { opentelemetry, tracerProvider, meterProvider: false });
  const finished = () => exporter.getFinishedSpans();
  return {
    ...simulated,
    session: simulated.supervisor.session("chat"),
    started: () => started,
    ended: () => finished().length,
    spans: (name: string) => finished().filter((span) => span.name === name),
    names: () => tree(finished()),
  };
}

/** Names, indented by depth, in order of their beginning. */
function tree(spans: readonly ReadableSpan[], parent?: string): string[] {
  return spans
    .filter((span) => span.parentSpanContext?.spanId === parent)
    .toSorted((a, b) => milliseconds(a.startTime) - milliseconds(b.startTime))
    .flatMap((span) => [span.name, ...tree(spans, span.spanContext().spanId).map((line) => `  ${line}`)]);
}

function milliseconds([seconds, nanoseconds]: readonly [number, number] = [0, 0]): number {
  return seconds * 1_000 + nanoseconds / 1e6;
}
