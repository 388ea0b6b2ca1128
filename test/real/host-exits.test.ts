import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { seededRandom } from "../../src/testing/simulation/seeded-random.js";
import { shortGraces } from "./support/graces.js";
import { type GatewayExit, type GatewayPlan, runGateway, whenOpen } from "./support/run-gateway.js";
import { stubbornServers } from "./support/stubborn-servers.js";
import { until } from "./support/until.js";

vi.setConfig({ maxConcurrency: 4 });

// What SIGKILL was sent to needs a moment to be gone, and he who sent it may be gone before.
const withinMs = 10_000;
/** Until everything is open it takes so long, more or less, in milliseconds. */
const openingMs = 300;

type Way = Omit<GatewayPlan, "servers" | "afterMs">;
type Exit = Pick<GatewayExit, "code" | "signal">;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const ways: readonly (readonly [string, Way, Exit])[] = [
  ["process.exit(3)", { end: "process.exit" }, { code: 3, signal: null }],
  ["an uncaught exception", { end: "uncaught exception" }, { code: 1, signal: null }],
  ["an unhandled rejection", { end: "unhandled rejection" }, { code: 1, signal: null }],
  [
    "process.exit(4) right after an end that nobody awaits",
    { end: "process.exit after an end that nobody awaits" },
    { code: 4, signal: null },
  ],
  ...signals.flatMap((signal) => [
    [signal, { end: "signal", signal }, { code: null, signal }] as const,
    [
      `${signal} and a listener that exits`,
      { end: "signal", signal, listener: "exits" },
      { code: 7, signal: null },
    ] as const,
    [
      `${signal} and a listener that shuts down`,
      { end: "signal", signal, listener: "shuts down" },
      { code: 5, signal: null },
    ] as const,
  ]),
];

describe.runIf(process.platform === "linux").concurrent("LP-46 a host that ends by", () => {
  const seed = Number(process.env["REAL_TEST_SEED"] ?? Date.now() % 1_000_000);
  const random = seededRandom(seed);
  const moments: readonly (number | undefined)[] = [undefined, random(), random(), random()].map(
    (moment) => moment && Math.round(moment * openingMs),
  );

  it.each(ways)("%s should leave nothing and exit as it would without us", async (_name, way, exit) => {
    for (const afterMs of moments) {
      await using stubborn = await stubbornServers();
      const { code, signal } = await runGateway({ ...way, servers: stubborn.servers, afterMs });
      const when = afterMs === undefined ? "once open" : `${afterMs} ms after its start`;
      await stubborn.nothingLeft({ withinMs });
      expect({ when, code, signal }).toEqual({ when, ...exit });
      if (afterMs === undefined) await stubborn.witness.gone();
    }
  });

  it("SIGINT twice should end at once and leave nothing", async () => {
    await using stubborn = await stubbornServers({ lifecycle: { ...shortGraces, inputEndedMs: 60_000 } });
    let secondAt = 0;
    const exit = await runGateway(
      { end: "signal", servers: stubborn.servers },
      {
        tell: async (gateway) => {
          await whenOpen(gateway);
          gateway.kill("SIGINT");
          await until(() => gateway.said("ending"), "the gateway did not end its sessions");
          // It is the second that does it.
          await pause(300);
          expect(stubborn.witness.isHeld).toBe(true);
          secondAt = performance.now();
          gateway.kill("SIGINT");
        },
      },
    );
    expect(performance.now() - secondAt).toBeLessThan(withinMs);
    await stubborn.nothingLeft({ withinMs });
    await stubborn.witness.gone();
    expect(exit).toMatchObject({ code: null, signal: "SIGINT" });
  });
});
