import { expect } from "vitest";
import { inFlight } from "../real/support/asked-calls.js";
import { killLeader } from "../real/support/kill.js";
import { startHostileSubject } from "../real/support/hostile-subjects.js";
import { runGateway } from "../real/support/run-gateway.js";
import { rejection, until } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-26 a dead server's calls are answered although its helper holds the pipes", async () => {
  await using gateway = await gatewayWith("helper-holds-stdio");
  const lease = await gateway.supervisor.session("chat").acquire();
  await lease.client("server");
  const call = rejection(lease.callTool("server", "hang"));
  await inFlight(gateway.supervisor);
  killLeader(gateway.supervisor.inspect().sessions[0]?.connections[0]?.pid);
  expect(await call).toMatchObject({ code: "CONNECTION_LOST" });
  await until(() => !gateway.witness.isHeld, "the helper that holds the pipes lives");
});

scenario("LP-26 a host whose servers had helpers on their pipes ends them and can exit", async () => {
  await using stdio = await startHostileSubject("helper-holds-stdio");
  await using stderr = await startHostileSubject("helper-holds-stderr");
  const servers = { stdio: stdio.config, stderr: stderr.config };
  const exit = await runGateway({ servers, end: "end of every session", reason: "ended" });
  for (const { witness } of [stdio, stderr]) await witness.gone();
  expect(exit).toMatchObject({ code: 0, signal: null, receipts: [{ outcome: "closed" }, { outcome: "closed" }] });
});
