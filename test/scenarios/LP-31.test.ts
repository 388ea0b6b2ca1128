import { expect } from "vitest";
import { until } from "../real/support/until.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-31 whoever asks for an end waits until the tree is dead and gets the one receipt", async () => {
  await using gateway = await gatewayWith("ignores-everything");
  const { supervisor, witness } = gateway;
  const session = supervisor.session("chat");
  await session.run((lease) => lease.client("server"));
  const ask = async (cause: string) => ({ receipt: await session.end({ cause }), held: witness.isHeld });

  const first = ask("first");
  await until(() => session.state === "ended.disposing", "the end did not get to disposing");
  const answers = await Promise.all([first, ask("second"), ask("third")]);
  answers.push(await ask("after all"));

  expect(answers.map(({ held }) => held)).toEqual([false, false, false, false]);
  expect(new Set(answers.map(({ receipt }) => receipt)).size).toBe(1);
  expect(answers[0]?.receipt).toMatchObject({ cause: "first", outcome: "closed" });
  await witness.gone();
});
