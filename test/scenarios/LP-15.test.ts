import { expect } from "vitest";
import { pidOf } from "../real/support/asked-calls.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-15 two sessions never share a server, and the end of one does not touch the other's", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const { supervisor, witness } = gateway;
  const [alice, bob] = [supervisor.session("alice"), supervisor.session("bob")];
  const pids = await Promise.all([alice, bob].map((session) => session.run((lease) => pidOf(lease))));
  expect(new Set(pids).size).toBe(2);

  await alice.end();

  expect(witness.holders().map(({ pid }) => pid)).toEqual([pids[1]]);
  expect(await bob.run((lease) => pidOf(lease))).toBe(pids[1]);
});
