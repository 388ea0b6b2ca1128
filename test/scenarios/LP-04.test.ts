import { expect } from "vitest";
import { pidOf } from "../real/support/asked-calls.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-04 a key bound anew serves at once, and its old generation ends at its last release", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const { supervisor, witness } = gateway;
  const old = supervisor.session("chat");
  const run = await old.acquire();
  const oldPid = await pidOf(run);

  const next = supervisor.rebind("chat");
  const newPid = await next.run((lease) => pidOf(lease));

  expect(supervisor.session("chat")).toBe(next);
  expect(newPid).not.toBe(oldPid);
  expect(await pidOf(run), "the old run has lost its server").toBe(oldPid);
  run.release();
  expect(await old.ended).toMatchObject({ reason: "ended", cause: "superseded", outcome: "closed" });
  expect(witness.holders().map(({ pid }) => pid)).toEqual([newPid]);
});
