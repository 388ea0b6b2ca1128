import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { createSupervisor, type InMemoryServer } from "../../src/index.js";
import { rejection, until } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-18 a server that answers initialize after the end began is gone with its session", async () => {
  await using gateway = await gatewayWith("ignores-eof", { flags: ["--initialize-delay=200"] });
  const session = gateway.supervisor.session("chat");
  const opening = rejection(session.run((lease) => lease.client("server")));
  await gateway.witness.held({ withinMs: 30_000 });

  const receipt = await session.end();

  await gateway.witness.gone();
  expect(await opening).toMatchObject({ code: "SESSION_ENDED" });
  expect(receipt).toMatchObject({ outcome: "closed", netUsed: false, connections: [{ outcome: "closed" }] });
});

test("LP-18 an end waits for a server that may yet be made, and closes it then", async () => {
  let make: ((server: InMemoryServer) => void) | undefined;
  const told: string[] = [];
  const createServer = () => new Promise<InMemoryServer>((resolve) => (make = resolve));
  const memory = { type: "in-memory", createServer, lifecycle: { settleMs: 0 } } as const;
  const supervisor = createSupervisor({ servers: { memory }, signals: false });
  const session = supervisor.session("chat");
  const opening = rejection(session.run((lease) => lease.client("memory")));
  await until(() => make !== undefined, "no server was asked for");

  const ended = session.end().finally(() => told.push("ended"));
  // Long past the time in which an opening may settle.
  await pause(100);
  told.push("made");
  make?.({ connect: async () => undefined, close: async () => void told.push("closed") });

  expect(await ended).toMatchObject({ outcome: "closed", netUsed: false });
  expect(told).toEqual(["made", "closed", "ended"]);
  expect(await opening).toMatchObject({ code: "SESSION_ENDED" });
  await supervisor.shutdown();
});
