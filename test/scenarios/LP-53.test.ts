import { expect } from "vitest";
import { forcedMeans } from "../real/support/forced-means.js";
import { rejection } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

const slackMs = 1_000;

scenario("LP-53 progress renews no timeout of a call", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const lease = await gateway.supervisor.session("chat").acquire();
  await lease.client("server");
  let reports = 0;
  const startedAt = performance.now();
  const call = lease.callTool("server", "hang", {}, { timeoutMs: 400, onprogress: () => (reports += 1) });
  expect(await rejection(call)).toMatchObject({ code: "CALL_TIMEOUT" });
  expect(reports).toBeGreaterThan(2);
  expect(performance.now() - startedAt).toBeLessThan(400 + slackMs);
});

scenario("LP-53 an end that is asked for again and again is over by its first deadline", async () => {
  const lifecycle = { inputEndedMs: 30_000, terminatingMs: 30_000 };
  await using gateway = await gatewayWith("ignores-everything", { lifecycle });
  const session = gateway.supervisor.session("chat");
  await session.run((lease) => lease.client("server"));
  const deadlineMs = 600;
  const startedAt = performance.now();
  const ended = session.end({ deadlineMs });
  const again = setInterval(() => void session.end({ deadlineMs }), 50);

  const receipt = await ended.finally(() => clearInterval(again));

  expect(performance.now() - startedAt).toBeLessThan(deadlineMs + slackMs);
  await gateway.witness.gone();
  expect(receipt).toMatchObject({ outcome: "closed", connections: [{ means: forcedMeans }] });
});
