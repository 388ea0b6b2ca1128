import { describe, expect, it, vi } from "vitest";
import { createSupervisor, type Session, type SessionOptions, type Supervisor } from "../../src/index.js";
import { endReasons } from "../../src/machines/index.js";
import type { HostileServerName } from "../../src/testing/hostile/index.js";
import type { Witness } from "../../src/testing/witness/index.js";
import { countingSupervisor } from "./support/counting-supervisor.js";
import { drainMs } from "./support/graces.js";
import { startHostileSubject } from "./support/hostile-subjects.js";
import { inFlight, pidOf } from "./support/asked-calls.js";
import { rejection, until } from "./support/until.js";

vi.setConfig({ maxConcurrency: 6 });

/** A session with one hostile server that is open. */
interface Opened {
  readonly supervisor: Supervisor;
  readonly session: Session;
  readonly witness: Witness;
}

async function withSession(
  name: HostileServerName,
  work: (opened: Opened) => Promise<void>,
  options: SessionOptions = {},
): Promise<void> {
  await using subject = await startHostileSubject(name);
  const supervisor = createSupervisor({ servers: { server: subject.config }, signals: false });
  const session = supervisor.session("chat", { drainMs, ...options });
  try {
    await session.run((lease) => lease.client("server"));
    await work({ supervisor, session, witness: subject.witness });
    await subject.nothingLeft();
  } finally {
    await supervisor.shutdown();
  }
}

describe.runIf(process.platform === "linux").concurrent("an end on real processes", () => {
  it("should be one for fifty callers: each step asked of the transport once, one receipt", async () => {
    await using subject = await startHostileSubject("ignores-everything");
    const asked = new Map<string, number>();
    const supervisor = countingSupervisor(subject.config, asked);
    const session = supervisor.session("chat", { drainMs });
    await session.run((lease) => lease.client("server"));

    const receipts = await Promise.all([
      ...Array.from({ length: 49 }, (_, index) =>
        session.end({ reason: endReasons[index % endReasons.length], cause: `caller ${index}` }),
      ),
      session.reset().then(({ receipt }) => receipt),
    ]);

    await subject.nothingLeft();
    expect(new Set(receipts).size, "receipts").toBe(1);
    expect(receipts[0]).toBe(await session.ended);
    expect(receipts[0]).toMatchObject({ reason: "ended", cause: "caller 0", outcome: "closed", netUsed: false });
    for (const step of ["endInput", "terminate", "dispose"]) expect(asked.get(step), step).toBe(1);
    await supervisor.shutdown();
  });

  it("should join an end that came hundreds of milliseconds before", () =>
    withSession("ignores-everything", async ({ session, witness }) => {
      const first = session.end({ cause: "first" });
      await until(() => session.state === "ended.disposing", "the end did not get to disposing");
      const second = session
        .end({ reason: "errored", cause: "second" })
        .then((receipt) => ({ receipt, held: witness.isHeld }));
      expect(await second).toEqual({ receipt: await first, held: false });
      expect((await first).cause).toBe("first");
    }));

  it("should not be held back by a lease that is never released (LP-14)", () =>
    withSession("ignores-eof", async ({ session }) => {
      const lease = await session.acquire();
      expect(await session.end()).toMatchObject({ outcome: "closed", netUsed: false });
      expect(await rejection(lease.client("server"))).toMatchObject({ code: "SESSION_ENDED", session: "chat" });
    }));

  it("should let a call in flight finish that needs less than the drain (LP-08)", () =>
    withSession(
      "ignores-eof",
      async ({ session, supervisor }) => {
        const lease = await session.acquire();
        const call = lease.callTool("server", "slow", { ms: 300 });
        await inFlight(supervisor);
        const end = session.end();
        expect(await rejection(lease.callTool("server", "echo"))).toMatchObject({ code: "SESSION_ENDED" });
        expect(await call).toMatchObject({ content: [{ text: "done" }] });
        expect(await end).toMatchObject({ outcome: "closed", connections: [{ abortedCalls: 0 }] });
      },
      { drainMs: 10_000 },
    ));

  it("should give a call up that needs more than the drain, with a typed error (LP-08)", () =>
    withSession("ignores-eof", async ({ session, supervisor }) => {
      const lease = await session.acquire();
      const call = rejection(lease.callTool("server", "hang"));
      await inFlight(supervisor);
      const receipt = await session.end();
      expect(await call).toMatchObject({ code: "SESSION_ENDED", session: "chat" });
      expect(receipt).toMatchObject({ outcome: "closed", connections: [{ abortedCalls: 1 }] });
      expect(receipt.endedAt - receipt.startedAt).toBeGreaterThanOrEqual(drainMs);
    }));

  it("should reject a call on a client that was kept after the end", () =>
    withSession("well-behaved", async ({ session }) => {
      const client = await session.run((lease) => lease.client("server"));
      await session.end();
      expect(await rejection(client.callTool({ name: "echo" }))).toBeInstanceOf(Error);
    }));
});

describe.runIf(process.platform === "linux").concurrent("a retirement on real processes", () => {
  it.each([true, false])("should keep the process until the release of the last lease (required: %s)", (required) =>
    withSession("ignores-eof", async ({ session, witness }) => {
      const [first, last] = [await session.acquire(), await session.acquire()];
      const pid = await session.run((lease) => pidOf(lease));
      session.retire({ required, cause: "superseded" });
      first.release();
      expect(JSON.stringify(await last.callTool("server", "pid"))).toContain(`${pid}`);
      expect(witness.isHeld).toBe(true);
      last.release();
      expect(await session.ended).toMatchObject({ reason: "ended", cause: "superseded", outcome: "closed" });
    }),
  );

  it("should be cancelled by an acquire if it is ordinary, and keep the same process", () =>
    withSession("ignores-eof", async ({ session, witness }) => {
      const first = await session.acquire();
      session.retire();
      const second = await session.acquire();
      const pid = await session.run((lease) => pidOf(lease));
      first.release();
      second.release();
      expect(session.state).toBe("active.live.idle");
      expect(witness.isHeld).toBe(true);
      expect(await session.run((lease) => pidOf(lease))).toBe(pid);
      await session.end();
    }));

  it("should refuse an acquire if it is required, and end its session all the same", () =>
    withSession("ignores-eof", async ({ session, supervisor, witness }) => {
      const lease = await session.acquire();
      session.retire({ required: true });
      expect(await rejection(session.acquire())).toMatchObject({ code: "SESSION_ENDED", session: "chat" });
      expect(witness.isHeld).toBe(true);
      expect(supervisor.session("chat")).not.toBe(session);
      lease.release();
      expect((await session.ended).outcome).toBe("closed");
    }));

  it("should not wait for a lease longer than its limit if it is required (LP-14)", () =>
    withSession(
      "ignores-eof",
      async ({ session }) => {
        await session.acquire();
        session.retire({ required: true });
        expect((await session.ended).outcome).toBe("closed");
      },
      { requiredRetireMs: 100 },
    ));
});
