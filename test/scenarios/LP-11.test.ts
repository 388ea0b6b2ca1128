import { expect } from "vitest";
import { rejection } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-11 the slot of a tree is free when the tree is proved gone, and not before", async () => {
  await using gateway = await gatewayWith("slow-exit", { limits: { trees: 1 }, flags: ["--exit-delay=400"] });
  const { supervisor, witness } = gateway;
  const first = supervisor.session("first");
  await first.run((lease) => lease.client("server"));
  const second = await supervisor.session("second").acquire();

  const ended = first.end();

  expect(await rejection(second.client("server"))).toMatchObject({ code: "ADMISSION", limit: "trees" });
  expect(witness.isHeld, "the slot was refused although nothing held it").toBe(true);
  await ended;
  await witness.gone();
  expect(await second.client("server")).toBeDefined();
});

scenario("LP-11 openings that fail give their slot back", async () => {
  await using gateway = await gatewayWith("crashes-with-helper", { limits: { trees: 1 } });
  for (const key of ["first", "second", "third"]) {
    const session = gateway.supervisor.session(key);
    const failure = await rejection(session.run((lease) => lease.client("server")));
    expect(failure).toMatchObject({ code: "OPEN_FAILED" });
    expect(gateway.supervisor.inspect().admission.trees).toBe(0);
  }
  await gateway.witness.gone();
});
