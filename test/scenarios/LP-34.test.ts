import { expect } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { rejection } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-34 a server that fills stderr is neither blocked nor kept by it", async () => {
  await using gateway = await gatewayWith("floods-stderr");
  const session = gateway.supervisor.session("chat");
  const answer = session.run((lease) => lease.callTool("server", "echo", { message: "hi" }, { timeoutMs: 20_000 }));
  expect(await answer).toMatchObject({ content: [{ text: "hi" }] });
  expect((await session.end()).outcome).toBe("closed");
  await gateway.witness.gone();
});

scenario("LP-34 the failure of a server quotes the last that it wrote to stderr", async () => {
  const args = ["-e", "console.error('licence expired'); process.exit(3)"];
  const supervisor = createSupervisor({ servers: { server: { command: process.execPath, args } }, signals: false });
  const failure = await rejection(supervisor.session("chat").run((lease) => lease.client("server")));
  expect(failure).toMatchObject({ code: "OPEN_FAILED", message: expect.stringMatching(/code 3.*licence expired/) });
  await supervisor.shutdown();
});
