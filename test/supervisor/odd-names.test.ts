import { describe, expect, test } from "vitest";
import { simulate } from "./simulated.js";

describe("names", () => {
  test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])(
    "should say that there is no server %s, rather than wait for ever and break the session",
    async (name) => {
      const { world, supervisor, run } = simulate({ files: {} });
      const session = supervisor.session("chat");
      const lease = await session.acquire();
      let outcome = "pending";
      lease.client(name).then(
        () => (outcome = "opened"),
        (error: { code: string }) => (outcome = error.code),
      );
      await world.clock.advanceBy(120_000);
      await run(lease.client("files")).catch(() => undefined);
      world.crash(supervisor.inspect().sessions[0]?.connections[0]?.id ?? "");
      await world.clock.advanceBy(120_000);
      expect({ outcome, state: session.state, netUsed: supervisor.inspect().netUsed }).toEqual({
        outcome: "UNKNOWN_SERVER",
        state: "active.live.busy",
        netUsed: 0,
      });
    },
  );

  test.each(["#_user", "#_parent", "#_internal", "", "/", "a/b#1/r1", "a.b", "__proto__", "xstate.done.actor.x"])(
    "should serve a session whose key is %j as any other",
    async (key) => {
      const { world, supervisor, run } = simulate({ files: {} });
      const session = supervisor.session(key);
      await run(session.run((lease) => lease.client("files")));
      await run(session.sleep());
      await run(session.run((lease) => lease.callTool("files", "echo")));
      const receipt = await run(session.end());
      expect(receipt).toMatchObject({ reason: "ended", outcome: "closed", netUsed: false });
      world.truth.assertNothingLeft();
    },
  );

  test.each(["#_x", "/", "a/b.1", "__proto__", "constructor", "*", "."])(
    "should serve a server named %j as any other",
    async (name) => {
      const { world, supervisor, run } = simulate({ other: {} });
      const servers = Object.fromEntries([[name, { command: "virtual" }]]);
      const session = supervisor.session("chat", { servers });
      await run(session.run((lease) => lease.callTool(name, "echo")));
      world.crash(supervisor.inspect().sessions[0]?.connections[0]?.id ?? "");
      await world.clock.advanceBy(10_000);
      await run(session.run((lease) => lease.callTool(name, "echo")));
      await run(session.sleep());
      const catalog = await run(session.run((lease) => lease.catalog()));
      expect(catalog.tools).toHaveLength(1);
      const receipt = await run(session.end());
      expect(receipt).toMatchObject({ reason: "ended", outcome: "closed", netUsed: false });
      world.truth.assertNothingLeft();
    },
  );
});
