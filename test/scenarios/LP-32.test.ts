import { expect } from "vitest";
import { forcedMeans } from "../real/support/forced-means.js";
import { startHostileSubject } from "../real/support/hostile-subjects.js";
import { runGateway } from "../real/support/run-gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-32 a host that has nothing left but an end to await lives until that end is done", async () => {
  // Its server goes at once; what stays holds no pipe and is no child of the host, so that nothing but our timers keeps that alive.
  await using subject = await startHostileSubject("helper-ignored-stdio", { flags: ["--helpers-ignore-term"] });
  const servers = { server: subject.config };
  const exit = await runGateway({ servers, end: "end of every session", reason: "ended" });
  await subject.witness.gone();
  // An event loop that runs dry under an await ends the host with 13.
  expect(exit).toMatchObject({ code: 0, signal: null });
  expect(exit.receipts).toMatchObject([{ outcome: "closed", connections: [{ means: forcedMeans }] }]);
});
