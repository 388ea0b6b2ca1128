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

test("LP-18 a server that is made after the end began is closed before the receipt is given", async () => {
  let make: ((server: InMemoryServer) => void) | undefined;
  let closes = 0;
  const createServer = () => new Promise<InMemoryServer>((resolve) => (make = resolve));
  const supervisor = createSupervisor({ servers: { memory: { type: "in-memory", createServer } }, signals: false });
  const session = supervisor.session("chat");
  const opening = rejection(session.run((lease) => lease.client("memory")));
  await until(() => make !== undefined, "no server was asked for");

  const ended = session.end();
  await until(() => session.state === "ended.disposing", "the end did not get to disposing");
  make?.({ connect: async () => undefined, close: async () => void (closes += 1) });

  expect(await ended).toMatchObject({ outcome: "closed", netUsed: false });
  expect(closes).toBe(1);
  expect(await opening).toMatchObject({ code: "SESSION_ENDED" });
  await supervisor.shutdown();
});
