import { expect } from "vitest";
import { createSupervisor } from "../../src/index.js";
import { inFlight, pidOf } from "../real/support/asked-calls.js";
import { startHostileSubject } from "../real/support/hostile-subjects.js";
import { until } from "../real/support/until.js";
import { scenario } from "./support/scenario.js";

scenario("LP-10 a reload replaces what changed, ends what was removed, and leaves the rest its process", async () => {
  await using kept = await startHostileSubject("ignores-eof");
  await using changed = await startHostileSubject("ignores-eof");
  await using removed = await startHostileSubject("ignores-eof");
  const servers = { changed: changed.config, kept: kept.config, removed: removed.config };
  const supervisor = createSupervisor({ servers, signals: false });
  const lease = await supervisor.session("chat").acquire();
  const oldPid = await pidOf(lease, "changed");
  const answer = lease.callTool("changed", "slow", { ms: 200 });
  await inFlight(supervisor);
  const before = await pidOf(lease, "kept");
  await lease.client("removed");

  supervisor.reload({
    kept: kept.config,
    changed: { ...changed.config, args: [...(changed.config.args ?? []), "--page-size=2"] },
  });

  expect(await answer).toMatchObject({ content: [{ text: "done" }] });
  expect(await pidOf(lease, "changed")).not.toBe(oldPid);
  expect(await pidOf(lease, "kept")).toBe(before);
  await until(() => !removed.witness.isHeld, "the removed server lives");
  expect(changed.witness.holders()).toHaveLength(1);
  await supervisor.shutdown();
  for (const { witness } of [kept, changed, removed]) await witness.gone();
});
