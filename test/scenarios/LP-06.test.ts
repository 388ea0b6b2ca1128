import { expect, test } from "vitest";
import { pidOf } from "../real/support/asked-calls.js";
import { simulate } from "../supervisor/simulated.js";
import { gatewayWith } from "./support/gateway.js";
import { scenario } from "./support/scenario.js";

scenario("LP-06 neither sleep nor retirement takes a session that is being acquired in the same tick", async () => {
  await using gateway = await gatewayWith("ignores-eof");
  const session = gateway.supervisor.session("chat");
  const pid = await session.run((lease) => pidOf(lease));

  const acquiring = session.acquire();
  const sleeping = session.sleep();
  session.retire();

  const lease = await acquiring;
  expect(await sleeping).toMatchObject({ slept: false });
  expect(await pidOf(lease)).toBe(pid);
  lease.release();
  expect(await session.ended).toMatchObject({ outcome: "closed" });
  await gateway.witness.gone();
});

test("LP-06 an acquire at the moment of the idle deadline is refused or gets a server that lives", async () => {
  const idleTimeoutMs = 1_000;
  for (let seed = 0; seed < 40; seed += 1) {
    const { world, supervisor, run } = simulate({ files: {} }, { world: { seed } });
    const session = supervisor.session("chat", { idleTimeoutMs });
    await run(session.run((lease) => lease.callTool("files", "echo")));
    const atDeadline = new Promise((resolve) => world.clock.setTimeout(() => resolve(undefined), idleTimeoutMs));
    const acquired = atDeadline.then(() => session.acquire());

    const outcome = await run(acquired.then((lease) => lease.callTool("files", "echo")).catch(codeOf));

    expect(outcome, `seed ${seed}`).toSatisfy((got) => got === "SESSION_ENDED" || typeof got === "object");
    await run(session.end());
    world.truth.assertNothingLeft();
  }
});

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}
