import { describe, expect, it } from "vitest";
import type { ServerConfig } from "../../src/config/index.js";
import { fingerprintOf, specsOf } from "../../src/supervisor/server-specs.js";

const env = () => ({});

describe("the fingerprint of a configuration", () => {
  it("should not depend on the order of fields, nor on fields that say nothing", () => {
    const one = { command: "node", args: ["a", "b"], env: { A: "1", B: "2" } };
    const other = { env: { B: "2", A: "1" }, cwd: undefined, args: ["a", "b"], command: "node" };
    expect(fingerprintOf(one)).toBe(fingerprintOf(other));
  });

  it.each<[string, ServerConfig, ServerConfig]>([
    ["another argument", { command: "node", args: ["a"] }, { command: "node", args: ["b"] }],
    [
      "the same arguments in another order",
      { command: "node", args: ["a", "b"] },
      { command: "node", args: ["b", "a"] },
    ],
    ["another function", { command: "node", env }, { command: "node", env: () => ({}) }],
    ["another grace", { command: "node" }, { command: "node", lifecycle: { verifyMs: 1 } }],
    [
      "values that changed places",
      { command: "n", env: { A: "1", B: "2" } },
      { command: "n", env: { A: "2", B: "1" } },
    ],
  ])("should differ for %s", (_what, one, other) => {
    expect(fingerprintOf(one)).not.toBe(fingerprintOf(other));
  });

  it("should be short, and not depend on the order of many fields", () => {
    const names = ["C", "A", "D", "B"];
    const inOrder = (order: readonly string[]) => Object.fromEntries(order.map((name) => [name, name.toLowerCase()]));
    const one = fingerprintOf({ command: "n", env: inOrder(names) });
    expect(one).toBe(fingerprintOf({ command: "n", env: inOrder(names.toReversed()) }));
    expect(one).toMatch(/^[0-9a-f]{16}$/);
  });

  it("should know what is no plain data by what it is, not by what it looks like", () => {
    const fetchers = [new Map([["a", 1]]), new Map([["b", 2]])];
    const [one, other] = fetchers.map((authProvider) => fingerprintOf({ url: "http://127.0.0.1/mcp", authProvider }));
    expect(one).not.toBe(other);
  });

  it("should know a function again", () => {
    expect(fingerprintOf({ command: "node", env })).toBe(fingerprintOf({ command: "node", env }));
  });
});

describe("a server as the machines know it", () => {
  it("should have a goodbye where its protocol has one", () => {
    const specs = specsOf(
      {
        process: { command: "node" },
        http: { url: "http://127.0.0.1/mcp" },
        sse: { type: "sse", url: "http://127.0.0.1/sse" },
      },
      1,
    );
    expect(Object.entries(specs).map(([name, { hasGoodbye }]) => [name, hasGoodbye])).toEqual([
      ["process", false],
      ["http", true],
      ["sse", false],
    ]);
  });

  it("should not be opened again, and have a goodbye said to whatever it may be, where the host opened it", () => {
    const adopted = { type: "adopted", transport: {} } as unknown as ServerConfig;
    expect(specsOf({ adopted }, 1)["adopted"]).toMatchObject({ hasGoodbye: true, restart: false });
    expect(specsOf({ process: { command: "node" } }, 1)["process"]?.restart).toMatchObject({ limit: 5 });
  });

  it("should have time for the command that runs once a tree is gone, where there is one", () => {
    const command = { command: "node", lifecycle: { afterClose: { command: "rm", timeoutMs: 700 } } };
    const specs = specsOf({ command, process: { command: "node" }, web: { url: "http://127.0.0.1/mcp" } }, 9);
    expect(Object.values(specs).map(({ graces }) => [graces.afterCloseMs, graces.drainMs])).toEqual([
      [700, 9],
      [undefined, 9],
      [undefined, 9],
    ]);
  });
});
