import { expect } from "vitest";
import { parts, stageOpening } from "../real/support/staged-opening.js";
import { rejection } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario.each(parts)("LP-21 an end that comes while a server is in %s leaves nothing of it", async (aim) => {
  await using opening = await stageOpening({ aim, moment: 0.5, server: "ignores-eof", reason: "ended" });
  const receipt = await opening.session.end();
  await opening.nothingLeft();
  expect(receipt).toMatchObject({ outcome: "closed", netUsed: false });
});

scenario("LP-21 who gives up waiting for a start takes it from nobody else who waits", async () => {
  await using gateway = await gatewayWith("slow-start");
  const session = gateway.supervisor.session("chat");
  const lease = await session.acquire();
  const impatient = new AbortController();
  const givenUp = rejection(lease.callTool("server", "echo", {}, { signal: impatient.signal }));
  const patient = lease.callTool("server", "echo", { message: "hi" });
  await gateway.witness.held();
  impatient.abort();
  expect(await givenUp).toMatchObject({ code: "CALL_ABORTED" });
  expect(await patient).toMatchObject({ content: [{ text: "hi" }] });
  expect((await session.end()).connections).toHaveLength(1);
  await gateway.witness.gone();
});

scenario("LP-21 a call that is cancelled before it begins starts nothing", async () => {
  await using gateway = await gatewayWith("well-behaved");
  const session = gateway.supervisor.session("chat");
  const lease = await session.acquire();
  const failure = await rejection(lease.callTool("server", "echo", {}, { signal: AbortSignal.abort() }));
  expect(failure).toMatchObject({ code: "CALL_ABORTED" });
  expect(gateway.supervisor.inspect().sessions[0]?.connections).toEqual([]);
  expect((await session.end()).connections).toEqual([]);
});
