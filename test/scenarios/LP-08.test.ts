import { expect } from "vitest";
import { inFlight } from "../real/support/asked-calls.js";
import { rejection } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-08 an end lets a call in flight finish and refuses new ones at once, on a kept client too", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const session = gateway.supervisor.session("chat", { drainMs: 10_000 });
  const lease = await session.acquire();
  const client = await lease.client("server");
  const answer = lease.callTool("server", "slow", { ms: 300 });
  await inFlight(gateway.supervisor);

  const ended = session.end();

  expect(await rejection(client.callTool({ name: "echo" }))).toMatchObject({ code: "SESSION_ENDED" });
  expect(await rejection(lease.callTool("server", "echo"))).toMatchObject({ code: "SESSION_ENDED" });
  expect(await answer).toMatchObject({ content: [{ text: "done" }] });
  expect(await ended).toMatchObject({ outcome: "closed", connections: [{ abortedCalls: 0 }] });
  await gateway.witness.gone();
});

scenario("LP-08 a call that outlasts the drain is answered with a typed error", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const session = gateway.supervisor.session("chat", { drainMs: 100 });
  const lease = await session.acquire();
  const call = rejection(lease.callTool("server", "hang"));
  await inFlight(gateway.supervisor);
  const receipt = await session.end();
  expect(await call).toMatchObject({ code: "SESSION_ENDED", session: "chat" });
  expect(receipt).toMatchObject({ outcome: "closed", connections: [{ abortedCalls: 1 }] });
  await gateway.witness.gone();
});
