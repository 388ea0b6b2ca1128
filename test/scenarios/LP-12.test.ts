import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-12 there are no spare servers: as many trees run as connections are listed", async () => {
  await using gateway = await gatewayWith("well-behaved");
  const { supervisor, witness } = gateway;
  const sessions = ["one", "two", "three"].map((key) => supervisor.session(key));
  supervisor.session("never used");
  await Promise.all(sessions.map((session) => session.run((lease) => lease.client("server"))));
  const listed = () => {
    const connections = supervisor.inspect().sessions.flatMap((session) => session.connections);
    return new Set(connections.map(({ pid }) => pid));
  };
  const running = () => new Set(witness.holders().map(({ pid }) => pid));

  expect(running().size).toBe(3);
  expect(running()).toEqual(listed());
  await sessions[0]?.end();
  expect(running().size).toBe(2);
  expect(running()).toEqual(listed());
  await supervisor.shutdown();
  await witness.gone();
});
