import { describe, expect, it } from "vitest";
import { parseDuration, parseLimits, parseSessionOptions, parseSupervisorOptions } from "../../src/config/index.js";
import { configErrorOf } from "./problem-of.js";

const badDelays = [-1, -0.1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, "100", null, undefined, [1]];

describe("parseDuration", () => {
  it.each([0, 0.5, 1_000, 2 ** 31 - 1])("should accept %d", (delay) => {
    expect(parseDuration("drainMs", delay)).toBe(delay);
  });

  it.each(badDelays)("should refuse %j and name the field", async (delay) => {
    expect((await configErrorOf(() => parseDuration("session.drainMs", delay))).field).toBe("session.drainMs");
  });
});

describe("parseSessionOptions", () => {
  it("should give the durations that are set", () => {
    expect(parseSessionOptions({ idleTimeoutMs: 5, drainMs: 6, oneShot: true })).toMatchObject({
      idleTimeoutMs: 5,
      drainMs: 6,
    });
    expect(parseSessionOptions(undefined)).toEqual({});
  });

  it("should refuse a field it does not know, and say which it may be", async () => {
    const error = await configErrorOf(() => parseSessionOptions({ idleTimeoutMS: 5 }));
    expect(error.field).toBe("options.idleTimeoutMS");
    expect(error.message).toContain("did you mean idleTimeoutMs?");
  });

  it.each(["idleTimeoutMs", "maxLifetimeMs", "drainMs", "requiredRetireMs"])(
    "should refuse a bad %s",
    async (field) => {
      for (const delay of badDelays.filter((value) => value !== undefined)) {
        const error = await configErrorOf(() => parseSessionOptions({ [field]: delay }, { source: "session" }));
        expect(error.field, `for ${String(delay)}`).toBe(`session.${field}`);
      }
    },
  );
});

describe("parseSupervisorOptions", () => {
  it("should accept the port objects of a host as they are", () => {
    expect(() => parseSupervisorOptions({ logger: console, fetch, signals: false, servers: {} })).not.toThrow();
  });

  it.each([
    [{ signal: false }, "options.signal"],
    [{ containment: "cgroups" }, "options.containment"],
    [{ createClient: {} }, "options.createClient"],
    [{ ledger: true }, "options.ledger"],
    [{ ledger: { directory: "state" } }, "options.ledger.directory"],
    [{ ledger: { folder: "/state" } }, "options.ledger.folder"],
    [{ ledger: { onFailure: "ignore" } }, "options.ledger.onFailure"],
  ])("should refuse %j and name the field", async (options, field) => {
    expect((await configErrorOf(() => parseSupervisorOptions(options))).field).toBe(field);
  });
});

describe("parseLimits", () => {
  const known = ["sessions", "trees"] as const;

  it("should give the limits that are set", () => {
    expect(parseLimits({ sessions: 5 }, { known })).toEqual({ sessions: 5 });
    expect(parseLimits(undefined, { known })).toEqual({});
  });

  const bad: readonly [limits: unknown, field: string][] = [
    [{ session: 5 }, "limits.session"],
    [{ sessions: 0 }, "limits.sessions"],
    [{ sessions: 1.5 }, "limits.sessions"],
    [{ sessions: "5" }, "limits.sessions"],
    [{ trees: Number.POSITIVE_INFINITY }, "limits.trees"],
    [5, "limits"],
  ];
  it.each(bad)("should refuse %j", async (limits, field) => {
    expect((await configErrorOf(() => parseLimits(limits, { known }))).field).toBe(field);
  });
});
