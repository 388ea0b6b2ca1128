import { expect } from "vitest";
import type { SupervisorEvents } from "../../src/index.js";
import { rejection, until } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-14 a lease that nobody releases is listed with the stack of its owner and holds back no end", async () => {
  await using gateway = await gatewayWith("ignores-eof", { traceLeases: true });
  const session = gateway.supervisor.session("chat");
  const lease = await session.acquire();
  await lease.client("server");
  expect(gateway.supervisor.inspect().sessions[0]?.leases).toMatchObject([
    { acquiredBy: expect.stringContaining("LP-14.test") },
  ]);

  const receipt = await session.end();

  await gateway.witness.gone();
  expect(receipt.outcome).toBe("closed");
  expect(await rejection(lease.client("server"))).toMatchObject({ code: "SESSION_ENDED" });
});

scenario("LP-14 a lease held longer than leaseWarnMs is reported once, with the stack of its owner", async () => {
  await using gateway = await gatewayWith("ignores-eof", { leaseWarnMs: 50 });
  const reports: SupervisorEvents["lease"][] = [];
  gateway.supervisor.on("lease", (event) => reports.push(event));
  const lease = await gateway.supervisor.session("chat").acquire();
  await lease.client("server");
  await until(() => reports.length > 0, "the lease was not reported");

  lease.release();

  expect(reports.map(({ state }) => state)).toEqual(["overdue", "returned"]);
  expect(reports[0]).toMatchObject({ key: "chat", acquiredBy: expect.stringContaining("LP-14.test") });
  await gateway.supervisor.session("chat").end();
  await gateway.witness.gone();
});

scenario("LP-14 a required retirement waits for such a lease no longer than its limit", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const session = gateway.supervisor.session("chat", { requiredRetireMs: 100 });
  const lease = await session.acquire();
  await lease.client("server");
  session.retire({ required: true, cause: "superseded" });
  expect(await session.ended).toMatchObject({ cause: "superseded", outcome: "closed" });
  await gateway.witness.gone();
});
