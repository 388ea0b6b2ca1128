import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-12 there are no spare servers: as many trees run as connections are listed", async () => {
  await using gateway = await gatewayWith("well-behaved");
  const { supervisor, witness } = gateway;
  const sessions = ["one", "two", "three"].map((key) => supervisor.session(key));
  supervisor.session("never used");
  await Promise.all(sessions.map((session) => session.run((lease) => lease.client("server"))));
  const listed = () =>
    supervisor
      .inspect()
      .sessions.flatMap(({ connections }) => connections.map(({ pid }) => pid ?? 0))
      .sort();
  const running = () =>
    witness
      .holders()
      .map(({ pid }) => pid)
      .sort();

  expect(running()).toHaveLength(3);
  expect(running()).toEqual(listed());
  await sessions[0]?.end();
  expect(running()).toHaveLength(2);
  expect(running()).toEqual(listed());
  await supervisor.shutdown();
  await witness.gone();
});
