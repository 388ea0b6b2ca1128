import * as opentelemetry from "@opentelemetry/api";
import { PrometheusSerializer } from "@opentelemetry/exporter-prometheus";
import { type DataPoint, type Histogram, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { describe, expect, test } from "vitest";
import { noRecovery, type Recovery } from "../../src/ports/index.js";
import { observe } from "../../src/telemetry/index.js";
import { presets, type ServerBehaviours } from "../../src/testing/simulation/index.js";
import { simulate } from "../supervisor/simulated.js";

class Reader extends MetricReader {
  protected override onForceFlush = () => Promise.resolve();
  protected override onShutdown = () => Promise.resolve();
}

describe("metrics", () => {
  test("should count sessions, connections and leases by what they are at the moment", async () => {
    const { session, run, read } = begin({ files: {} });
    const lease = await session.acquire();
    await run(lease.client("files"));

    expect(await read("mcp.lifecycle.sessions")).toEqual([{ value: 1, "mcp.lifecycle.state": "active.live.busy" }]);
    expect(await read("mcp.lifecycle.connections")).toEqual([
      { value: 1, "mcp.lifecycle.state": "open", "mcp.lifecycle.transport": "stdio" },
    ]);
    expect(await read("mcp.lifecycle.leases")).toEqual([{ value: 1 }]);

    lease.release();
    expect(await read("mcp.lifecycle.sessions"), "a state that nothing is in any more is 0").toEqual([
      { value: 0, "mcp.lifecycle.state": "active.live.busy" },
      { value: 1, "mcp.lifecycle.state": "active.live.idle" },
    ]);

    await run(session.end());
    const left = [...(await read("mcp.lifecycle.sessions")), ...(await read("mcp.lifecycle.connections"))];
    expect(left.map((point) => ("value" in point ? point.value : undefined))).toEqual([0, 0, 0]);
    expect(await read("mcp.lifecycle.net_used")).toEqual([{ value: 0 }]);
  });

  test("should tell whether the ledger is kept and the guardian watches", async () => {
    const recovery: { -readonly [K in keyof Recovery]: Recovery[K] } = {
      ...noRecovery,
      ledger: { state: "kept", failures: 0 },
      guardian: { state: "watching", losses: 0, pid: 4711 },
    };
    const { read } = begin({ files: {} }, { recovery });
    await read("mcp.lifecycle.ledger");

    recovery.ledger = { state: "degraded", failures: 3, problem: "no space left" };
    recovery.guardian = { state: "lost", losses: 1 };

    expect(await read("mcp.lifecycle.ledger")).toEqual([
      { value: 0, "mcp.lifecycle.state": "kept" },
      { value: 1, "mcp.lifecycle.state": "degraded" },
    ]);
    expect(await read("mcp.lifecycle.ledger.failures")).toEqual([{ value: 3 }]);
    expect(await read("mcp.lifecycle.guardian")).toContainEqual({ value: 1, "mcp.lifecycle.state": "lost" });
    expect(await read("mcp.lifecycle.guardian.losses")).toEqual([{ value: 1 }]);
  });

  test("should measure openings by server and outcome, in seconds", async () => {
    const { session, run, read } = begin({ slow: presets.slowStart, mail: presets.failsToInitialize });
    await run(session.run((lease) => lease.catalog()));
    const openings = await read("mcp.lifecycle.open.duration");
    expect(openings).toContainEqual({
      count: 1,
      sum: expect.closeTo(2.15, 1),
      "mcp.lifecycle.server": "slow",
      "mcp.lifecycle.transport": "stdio",
      "mcp.lifecycle.outcome": "opened",
    });
    expect(openings).toContainEqual(
      expect.objectContaining({ count: 1, "mcp.lifecycle.server": "mail", "mcp.lifecycle.outcome": "failed" }),
    );
    await run(session.end());
  });

  test("should measure ends by reason and last means", async () => {
    const { session, run, read } = begin({ quick: {}, deaf: presets.ignoresEof });
    await run(session.run((lease) => lease.catalog()));
    await run(session.end({ reason: "reset" }));
    expect(await read("mcp.lifecycle.dispose.duration")).toEqual([
      {
        count: 1,
        sum: expect.closeTo(2, 0),
        "mcp.lifecycle.reason": "reset",
        "mcp.lifecycle.outcome": "closed",
        "mcp.lifecycle.means": "SIGTERM",
      },
    ]);
  });

  test("should count what should not be: leaks once each, and overdue leases", async () => {
    const { session, run, read, world } = begin({ stuck: presets.unkillable });
    const lease = await session.acquire();
    await run(lease.client("stuck"));
    await world.clock.advanceBy(5_000);
    await run(session.end());
    await world.clock.advanceBy(60_000);
    expect(await read("mcp.lifecycle.lease.overdue")).toEqual([{ value: 1 }]);
    expect(await read("mcp.lifecycle.leaked")).toEqual([
      {
        value: 1,
        "mcp.lifecycle.server": "stuck",
        "mcp.lifecycle.transport": "stdio",
        "mcp.lifecycle.place": "local",
      },
    ]);
  });

  test("should be read as Prometheus text without a session's key", async () => {
    const { session, run, reader } = begin({ files: {} });
    await run(session.run((lease) => lease.client("files")));
    const { resourceMetrics } = await reader.collect();
    const text = new PrometheusSerializer().serialize(resourceMetrics);
    expect(text).toContain('mcp_lifecycle_sessions{mcp_lifecycle_state="active.live.idle"');
    expect(text).toContain("mcp_lifecycle_open_duration_bucket{");
    expect(text).not.toContain("chat");
    await run(session.end());
  });

  test("should end when they are disposed", async () => {
    const { read, observation } = begin({ files: {} });
    observation.dispose();
    expect(await read("mcp.lifecycle.sessions")).toEqual([]);
  });
});

function begin(behaviours: ServerBehaviours, parts: Parameters<typeof simulate>[1] = {}) {
  const simulated = simulate(behaviours, { leaseWarnMs: 1_000, ...parts });
  const reader = new Reader();
  const meterProvider = new MeterProvider({ readers: [reader] });
  const observation = observe(simulated.supervisor, { opentelemetry, meterProvider, tracerProvider: false });
  /** The data points of a metric, their attributes beside their values. */
  const read = async (name: string) => {
    const { resourceMetrics } = await reader.collect();
    const metric = resourceMetrics.scopeMetrics
      .flatMap(({ metrics }) => metrics)
      .find((one) => one.descriptor.name === name);
    const points = (metric?.dataPoints ?? []) as readonly DataPoint<number | Histogram>[];
    return points.map(({ value, attributes }) => ({
      ...(typeof value === "number" ? { value } : { count: value.count, sum: value.sum }),
      ...attributes,
    }));
  };
  return { ...simulated, reader, read, observation, session: simulated.supervisor.session("chat") };
}
