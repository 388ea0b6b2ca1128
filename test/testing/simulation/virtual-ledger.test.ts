import { describe, expect, it } from "vitest";
import { createWorld, noSpaceError } from "../../../src/testing/simulation/index.js";

const entry = { connectionId: "c1", server: "files", cookie: "MCP_LIFECYCLE_one" };
const tree = { containment: "group", leader: { pid: 1_000, startTime: "3" } } as const;

describe("virtual ledger", () => {
  it("should keep a record from its intent to its removal", async () => {
    const { clock, ledger } = createWorld();
    await clock.run(ledger.intend(entry));
    expect(ledger.records).toEqual([entry]);
    await clock.run(ledger.started("c1", tree));
    await clock.run(ledger.started("nobody", tree));
    expect(ledger.records).toEqual([{ ...entry, tree }]);
    await clock.run(ledger.remove("c1"));
    expect(ledger.records).toEqual([]);
  });

  it("should leave its records as they were when it fails, and change them late when it is slow", async () => {
    const plans = { remove: [{ fail: noSpaceError() }, { latencyMs: 40 }] };
    const { clock, ledger } = createWorld({ ledgerPlans: plans });
    await clock.run(ledger.intend(entry));
    await expect(clock.run(ledger.remove("c1"))).rejects.toMatchObject({ code: "ENOSPC" });
    expect(ledger.records).toHaveLength(1);
    const removal = ledger.remove("c1");
    await clock.advanceBy(39);
    expect(ledger.records).toHaveLength(1);
    await clock.run(removal);
    expect(ledger.records).toEqual([]);
    expect(ledger.answers.count("remove")).toBe(2);
  });
});
