import { expect } from "vitest";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-16 the end of a session ends the sessions opened as its children, and theirs", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const { supervisor, witness } = gateway;
  const parent = supervisor.session("chat");
  const child = supervisor.session("subagent", { parent });
  const grandchild = supervisor.session("nested step", { parent: child });
  await Promise.all([child, grandchild].map((session) => session.run((lease) => lease.client("server"))));

  await parent.end({ cause: "deleted" });
  const receipts = await Promise.all([child.ended, grandchild.ended]);

  await witness.gone();
  for (const receipt of receipts) expect(receipt).toMatchObject({ cause: "parent-ended", outcome: "closed" });
});
