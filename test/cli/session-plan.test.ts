import { describe, expect, it } from "vitest";
import { builtinServers } from "../../src/cli/demo/builtin-servers.js";
import { npmServers } from "../../src/cli/demo/npm-servers.js";
import { planDemo, planOwn } from "../../src/cli/demo/session-plan.js";

describe("planDemo", () => {
  it("should have every server in one session at least, and the four ends in turn", () => {
    const servers = [...npmServers().servers, ...builtinServers()];

    const plans = planDemo(servers, 5);

    expect(plans.map(({ key, end }) => `${key} ${end}`)).toEqual([
      "demo-1 ended",
      "demo-2 reset",
      "demo-3 timedOut",
      "demo-4 errored",
      "demo-5 ended",
    ]);
    const played = new Set(plans.flatMap((plan) => plan.servers.map(({ name }) => name)));
    expect(servers.map(({ name }) => name).filter((name) => !played.has(name))).toEqual([]);
  });

  it("should have servers for every end without the reference servers", () => {
    for (const { end, servers } of planDemo(builtinServers(), 4)) {
      expect(servers.length, `no server is left for a session to be ${end}`).toBeGreaterThan(0);
    }
  });
});

describe("planOwn", () => {
  it("should require the first server that is a process in a session that fails, and kill that", () => {
    const remote = { name: "remote", config: { url: "http://127.0.0.1/mcp" } };
    const local = { name: "local", config: { command: "node", lifecycle: { verifyMs: 1 } } };

    const errored = planOwn([remote, local], 4)[3];

    expect(errored).toMatchObject({ end: "errored", victim: "local" });
    expect(errored?.servers).toEqual([
      remote,
      { name: "local", config: { command: "node", lifecycle: { verifyMs: 1, required: true, restart: false } } },
    ]);
  });

  it("should kill nothing where nothing is a process", () => {
    expect(planOwn([{ name: "remote", config: { url: "http://127.0.0.1/mcp" } }], 4)[3]?.victim).toBeUndefined();
  });
});
