import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

const deadlineMs = 1_500;
const slackMs = 1_000;

scenario("LP-49 a shutdown is one budget for all: five stubborn trees end within it, side by side", async () => {
  // The graces alone would take 4 s, one tree after the other 20 s.
  await using gateway = await gatewayWith("ignores-everything", {
    lifecycle: { inputEndedMs: 2_000, terminatingMs: 2_000 },
  });
  const { supervisor, witness } = gateway;
  const sessions = ["one", "two", "three", "four", "five"].map((key) => supervisor.session(key));
  await Promise.all(sessions.map((session) => session.run((lease) => lease.client("server"))));
  const startedAt = performance.now();

  const report = await supervisor.shutdown({ deadlineMs });

  await witness.gone();
  expect(report).toMatchObject({ closed: 5, forced: 5, leaked: 0 });
  expect(performance.now() - startedAt).toBeLessThan(deadlineMs + slackMs);
});
