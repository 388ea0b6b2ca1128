import { expect } from "vitest";
import { startHostileSubject } from "../real/support/hostile-subjects.js";
import { runGateway } from "../real/support/run-gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-32 a host that has nothing left but an end to await lives until that end is done", async () => {
  await using subject = await startHostileSubject("ignores-everything");
  const servers = { server: subject.config };
  const exit = await runGateway({ servers, end: "end of every session", reason: "ended" });
  await subject.witness.gone();
  // An event loop that runs dry under an await ends the host with 13.
  expect(exit).toMatchObject({ code: 0, signal: null });
  expect(exit.receipts).toMatchObject([{ outcome: "closed", connections: [{ means: "SIGKILL" }] }]);
});
