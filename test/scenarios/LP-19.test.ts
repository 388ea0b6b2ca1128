import { expect } from "vitest";
import { rejection } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario.each([
  ["never answers initialize", "never-initializes", "CONNECT_TIMEOUT"],
  ["answers it with a version nobody speaks", "wrong-version", "OPEN_FAILED"],
  ["dies of it", "crashes-with-helper", "OPEN_FAILED"],
] as const)("LP-19 the failure of a server that %s is told when its tree is gone", async (_how, name, code) => {
  await using gateway = await gatewayWith(name, {
    lifecycle: { connectTimeoutMs: code === "CONNECT_TIMEOUT" ? 400 : 30_000 },
  });
  const session = gateway.supervisor.session("chat");
  const failure = await rejection(session.run((lease) => lease.client("server")));
  await gateway.witness.gone();
  expect(failure).toMatchObject({ code, server: "server" });
});
