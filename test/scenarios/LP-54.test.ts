import { expect } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { startHostileSubject } from "../real/support/hostile-subjects.js";
import { scenario } from "./support/scenario.js";

const events = ["exit", "SIGINT", "SIGTERM", "SIGHUP"] as const;
const listeners = () => events.map((event) => process.listenerCount(event));

scenario("LP-54 a process has one listener for its exit and each signal, however many servers it holds", async () => {
  await using subject = await startHostileSubject("well-behaved");
  const before = listeners();
  const supervisors = [1, 2].map(() => createSupervisor({ servers: { server: subject.config } }));
  const one = listeners();
  for (const [index, count] of one.entries()) expect(count - (before[index] ?? 0)).toBeLessThanOrEqual(1);
  expect(process.listenerCount("SIGTERM"), "nobody listens").toBe((before[2] ?? 0) + 1);
  const sessions = supervisors.flatMap((supervisor) => ["one", "two"].map((key) => supervisor.session(key)));
  await Promise.all(sessions.map((session) => session.run((lease) => lease.client("server"))));

  expect(subject.witness.holders()).toHaveLength(4);
  expect(listeners()).toEqual(one);

  await Promise.all(supervisors.map((supervisor) => supervisor.shutdown()));
  expect(listeners()).toEqual(before);
  await subject.witness.gone();
});
