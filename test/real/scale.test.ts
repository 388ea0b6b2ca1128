import { describe, expect, it } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { hostileServer } from "../../src/testing/hostile/index.js";
import { createWitness } from "../../src/testing/witness/index.js";
import { inBatches } from "./support/batches.js";
import { drainMs, shortGraces } from "./support/graces.js";

const count = 100;

describe.runIf(process.platform === "linux")("a hundred sessions", () => {
  it("should be gone when they end at once, each with its own receipt", { timeout: 180_000 }, async () => {
    // One pipe for all: its end of file is that of the last process.
    await using witness = await createWitness();
    const lifecycle = { ...shortGraces, connectTimeoutMs: 120_000, inputEndedMs: 20_000 };
    const supervisor = createSupervisor({
      servers: { server: { ...hostileServer("well-behaved", { witness }), lifecycle } },
      signals: false,
    });
    const sessions = Array.from({ length: count }, (_, index) => supervisor.session(`chat:${index}`, { drainMs }));
    await inBatches(sessions, 10, async (session) => {
      await session.run((lease) => lease.client("server"));
    });
    expect(supervisor.inspect().admission).toEqual({ liveSessions: count, trees: count });
    expect(new Set(witness.holders().map(({ pid }) => pid)).size, "processes").toBe(count);

    const report = await supervisor.shutdown({ deadlineMs: 60_000 });

    await witness.gone();
    expect(report).toMatchObject({ closed: count, leaked: 0 });
    expect(new Set(report.receipts.map(({ key }) => key)).size, "receipts").toBe(count);
    for (const receipt of report.receipts) {
      expect(receipt).toMatchObject({ outcome: "closed", netUsed: false, connections: [{ outcome: "closed" }] });
    }
    expect(supervisor.inspect()).toMatchObject({ sessions: [], admission: { liveSessions: 0, trees: 0 }, netUsed: 0 });
  });

  it("should end with SIGKILL within one deadline, not one after the other (LP-49)", { timeout: 180_000 }, async () => {
    await using witness = await createWitness();
    const supervisor = createSupervisor({
      servers: { server: hostileServer("ignores-everything", { witness }) },
      signals: false,
    });
    const sessions = Array.from({ length: 20 }, (_, index) => supervisor.session(`chat:${index}`));
    await inBatches(sessions, 10, async (session) => {
      await session.run((lease) => lease.client("server"));
    });
    const report = await supervisor.shutdown({ deadlineMs: 6_000 });
    await witness.gone();
    expect(report).toMatchObject({ closed: 20, forced: 20, leaked: 0 });
  });
});
