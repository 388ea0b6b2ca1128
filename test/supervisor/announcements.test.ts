import { describe, expect, test, vi } from "vitest";
import { noLogger } from "../../src/ports/index.js";
import type { SupervisorEvents } from "../../src/supervisor/events.js";
import type { SessionSupervisor } from "../../src/supervisor/supervisor.js";
import { presets } from "../../src/testing/simulation/index.js";
import { simulate } from "./simulated.js";

describe("what a supervisor announces", () => {
  test("should tell the whole life of a runtime and a connection, with their moments and the receipt", async () => {
    const { supervisor, run } = simulate({ files: presets.ignoresEof });
    const runtimes = collect(supervisor, "runtime");
    const connections = collect(supervisor, "connection");
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    expect(runtimes.map(({ state }) => state)).toEqual(["running"]);
    const receipt = await run(session.end());

    const runtime = `${session.id}/r1`;
    const whose = { key: "chat", session: session.id, runtime };
    expect(runtimes).toEqual(
      ["running", "ending", "ended"].map((state) => ({ ...whose, state, at: expect.any(Number) })),
    );
    expect(connections.map(({ state }) => state)).toEqual(["opening", "open", "closing", "closed"]);
    expect(connections[1]).toMatchObject({ ...whose, server: "files", kind: "stdio", containment: "group" });
    expect(connections[1]?.pid).toBe(receipt.connections[0]?.pid);
    expect(connections[3]?.receipt).toBe(receipt.connections[0]);
    const moments = connections.map(({ at }) => at);
    expect(moments, "time does not go back").toEqual(moments.toSorted((a, b) => a - b));
    expect(moments.at(-1)).toBeGreaterThan(moments[0] ?? 0);
  });

  test("should tell a second runtime after a sleep, and its own end", async () => {
    const { supervisor, run } = simulate({ files: {} });
    const runtimes = collect(supervisor, "runtime");
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("files")));
    await run(session.sleep());
    await run(session.run((lease) => lease.client("files")));
    await run(session.end());
    expect(runtimes.map(({ runtime, state }) => `${runtime.slice(-2)} ${state}`)).toEqual([
      "r1 running",
      "r1 ending",
      "r1 ended",
      "r2 running",
      "r2 ending",
      "r2 ended",
    ]);
  });

  test("should name the parent of a child session", async () => {
    const { supervisor, run } = simulate();
    const sessions = collect(supervisor, "session");
    const parent = supervisor.session("chat");
    supervisor.session("helper", { parent });
    expect(sessions.map((event) => event.parent)).toEqual([undefined, parent.id]);
    await run(supervisor.shutdown());
  });

  test("should tell each state of a session once, and its receipt", async () => {
    const { supervisor, run } = simulate({ files: {}, mail: {} });
    const sessions = collect(supervisor, "session");
    const receipts = collect(supervisor, "receipt");
    const session = supervisor.session("chat");
    await run(session.run(() => session.run((lease) => lease.catalog())));
    const receipt = await run(session.end());
    const states = ["dormant", "live.busy", "live.idle"].map((state) => `active.${state}`);
    expect(sessions.map(({ state }) => state)).toEqual([...states, "ended.disposing", "closed"]);
    expect(receipts).toEqual([receipt]);
  });

  test("should log nothing where nobody listens", async () => {
    const error = vi.fn<() => void>();
    const { supervisor, run } = simulate({ files: {} }, { logger: { ...noLogger, error } });
    await run(supervisor.session("chat").run((lease) => lease.client("files")));
    await run(supervisor.shutdown());
    expect(error).not.toHaveBeenCalled();
  });
});

describe("a lease held longer than leaseWarnMs (LP-14)", () => {
  test("should be announced once with the stack that acquired it, and its return after that", async () => {
    const { world, supervisor, run } = simulate({ files: {} }, { leaseWarnMs: 1_000, traceLeases: true });
    const leases = collect(supervisor, "lease");
    await world.clock.advanceTo(10_000);
    const quick = await supervisor.session("chat").acquire();
    const slow = await supervisor.session("chat").acquire();
    await world.clock.advanceBy(999);
    quick.release();
    expect(leases).toEqual([]);

    await world.clock.advanceBy(5_000);
    const acquiredBy = expect.stringContaining("announcements.test");
    expect(leases).toMatchObject([{ key: "chat", state: "overdue", heldMs: 1_000, at: 11_000, acquiredBy }]);

    slow.release();
    expect(leases.slice(1)).toMatchObject([{ lease: leases[0]?.lease, state: "returned", heldMs: 5_999 }]);
    await run(supervisor.shutdown());
    expect(world.clock.pending).toEqual([]);
  });

  test("should not be announced where none is asked for", async () => {
    const { world, supervisor, run } = simulate({ files: {} });
    const leases = collect(supervisor, "lease");
    await supervisor.session("chat").acquire();
    await world.clock.advanceBy(1_000_000);
    await run(supervisor.shutdown());
    expect(leases).toEqual([]);
  });

  test("should be overtaken by the end of its session, which leaves no timer", async () => {
    const { world, supervisor, run } = simulate({ files: {} }, { leaseWarnMs: 1_000 });
    const leases = collect(supervisor, "lease");
    const session = supervisor.session("chat");
    await session.acquire();
    await world.clock.advanceBy(1_500);
    await session.acquire();
    await run(session.end());
    expect(leases.map(({ state }) => state)).toEqual(["overdue", "returned"]);
    expect(world.clock.pending).toEqual([]);
  });
});

function collect<Name extends keyof SupervisorEvents>(supervisor: SessionSupervisor, event: Name) {
  const told: SupervisorEvents[Name][] = [];
  supervisor.on(event, (data) => told.push(data));
  return told;
}
