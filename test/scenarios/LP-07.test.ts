import { expect } from "vitest";
import { inFlight, pidOf } from "../real/support/asked-calls.js";
import { rejection, until } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-07 a full gateway refuses newcomers and evicts nobody", async () => {
  await using gateway = await gatewayWith("ignores-eof", { limits: { liveSessions: 1 } });
  const session = gateway.supervisor.session("in the background");
  const pid = await session.run((lease) => pidOf(lease));
  const refused = await rejection(gateway.supervisor.session("newcomer").acquire());
  expect(refused).toMatchObject({ code: "ADMISSION", limit: "liveSessions" });
  expect(await session.run((lease) => pidOf(lease))).toBe(pid);
});

scenario("LP-07 a session whose server still works on a call is not idle", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const session = gateway.supervisor.session("chat", { idleTimeoutMs: 100 });
  const lease = await session.acquire();
  await lease.client("server");
  const answer = lease.callTool("server", "slow", { ms: 400 });
  await inFlight(gateway.supervisor);
  lease.release();
  expect(await answer).toMatchObject({ content: [{ text: "done" }] });
  expect(session.state).toBe("active.live.idle");
  expect(await session.ended).toMatchObject({ cause: "idle", connections: [{ abortedCalls: 0 }] });
  await gateway.witness.gone();
});

scenario("LP-07 the idle limit of a server closes that connection and leaves its session", async () => {
  await using gateway = await gatewayWith("ignores-eof", { lifecycle: { idleTimeoutMs: 100 } });
  const session = gateway.supervisor.session("chat");
  const pid = await session.run((lease) => pidOf(lease));
  await until(() => !gateway.witness.isHeld, "the idle server was not closed");
  expect(session.state).toBe("active.live.idle");
  expect(await session.run((lease) => pidOf(lease))).not.toBe(pid);
});
