import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

const idleTimeoutMs = 250;

scenario("LP-05 acquiring and releasing do not move the idle deadline", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const session = gateway.supervisor.session("chat", { idleTimeoutMs });
  await session.run((lease) => lease.callTool("server", "echo"));
  const usedAt = performance.now();
  let touches = 0;
  for (; session.state.startsWith("active"); touches += 1) {
    await session.run(() => pause(5)).catch((error: unknown) => expect(error).toMatchObject({ code: "SESSION_ENDED" }));
    if (performance.now() - usedAt > 20 * idleTimeoutMs) throw new Error("releases keep the session alive");
  }
  expect(touches).toBeGreaterThan(3);

  expect(await session.ended).toMatchObject({ reason: "timedOut", cause: "idle", outcome: "closed" });
  await gateway.witness.gone();
});

scenario("LP-05 an idle deadline that passes under a lease comes true at its release", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const session = gateway.supervisor.session("chat", { idleTimeoutMs });
  const lease = await session.acquire();
  await lease.callTool("server", "echo");
  await pause(2 * idleTimeoutMs);
  expect(session.state).toBe("active.live.busy");
  lease.release();
  expect(await session.ended).toMatchObject({ reason: "timedOut", cause: "idle", outcome: "closed" });
  await gateway.witness.gone();
});
