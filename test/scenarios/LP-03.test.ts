import { expect } from "vitest";
import { pidOf } from "../real/support/asked-calls.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-03 one-shot sessions end with their runs, and the conversation beside them keeps its server", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const { supervisor, witness } = gateway;
  const chat = await supervisor.session("chat").acquire();
  const pid = await pidOf(chat);

  const oneShots = ["cron", "heartbeat", "subagent", "helper"].map((key) => supervisor.session(key, { oneShot: true }));
  const runs = oneShots.map(async (session) => {
    const run = session.run(async (lease) => {
      await lease.client("server");
      if (session.key === "heartbeat") throw new Error("the run's own");
    });
    await run.catch(() => undefined);
    return await session.ended;
  });
  const receipts = await Promise.all(runs);

  expect(witness.holders().map((holder) => holder.pid)).toEqual([pid]);
  expect(receipts.map(({ cause }) => cause)).toEqual(["run-end", "run-failed", "run-end", "run-end"]);
  expect(supervisor.inspect().sessions.map(({ key }) => key)).toEqual(["chat"]);
});
