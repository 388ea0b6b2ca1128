import { describe, expect, test } from "vitest";
import { endReasons } from "../../src/machines/index.js";
import { presets } from "../../src/testing/simulation/index.js";
import { type Simulated, simulate } from "./simulated.js";

/** Worlds that hold a process no SIGKILL ends, or a server that cannot be reached or never answers: only here may an end be leaked. */
const mayLeak = new Set([
  "unkillable",
  "otherUser",
  "neverSettles",
  "deleteFails",
  "deleteHangs",
  "neverTellsSessionId",
  "lateSessionId",
  "unreachable",
  "shedsCookie",
]);

/** What even a recovered world keeps: a session whose id nobody ever learned, and a process that hides its origin from everybody. */
function isBeyondReach(name: string, left: string): boolean {
  if (name === "neverTellsSessionId" || name === "lateSessionId") return left.startsWith("session http-session");
  return name === "shedsCookie" && left.includes("helper with a clean environment");
}

const moments = {
  "while opening": async ({ world, supervisor }: Simulated) => {
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    lease.client("server").catch(() => undefined);
    await world.clock.settle();
    return session;
  },
  idle: async ({ supervisor, run }: Simulated) => {
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("server").catch(() => undefined)));
    return session;
  },
  "with a call in flight": async ({ world, supervisor, run }: Simulated) => {
    const session = supervisor.session("chat");
    const lease = await session.acquire();
    await run(lease.client("server").catch(() => undefined));
    lease.callTool("server", "echo").catch(() => undefined);
    await world.clock.settle();
    return session;
  },
  asleep: async ({ supervisor, run }: Simulated) => {
    const session = supervisor.session("chat");
    await run(session.run((lease) => lease.client("server").catch(() => undefined)));
    void session.sleep();
    return session;
  },
};

describe.each(Object.entries(presets))("a server that is %s", (name, behaviour) => {
  describe.each(Object.entries(moments))("%s", (_moment, arrive) => {
    test.each(endReasons)("should be gone after a session %s", async (reason) => {
      const simulated = simulate({ server: behaviour });
      const { world, supervisor } = simulated;
      const session = await arrive(simulated);

      const receipt = await world.clock.run(session.end({ reason }));

      expect(receipt.netUsed).toBe(false);
      expect(receipt.reason).toBe(reason);
      if (!mayLeak.has(name)) expect(receipt.outcome).toBe("closed");
      if (receipt.outcome === "leaked") {
        world.recover();
        await world.clock.advanceBy(600_000);
      }
      await world.clock.advanceBy(0);
      expect(world.truth.whatIsLeft().filter((left) => !isBeyondReach(name, left))).toEqual([]);
      world.truth.assertNoViolations();
      expect(supervisor.inspect().sessions).toEqual([]);
    });
  });
});
