import { describe, expect, it, type TestContext } from "vitest";
import { endTree } from "../../../src/processes/index.js";
import { startHostile } from "../hostile-tree.js";
import { containmentPage, type Verdict } from "./containment-page.js";
import { type HostileRow, hostileRows } from "./hostile-rows.js";
import { canUse, hostAt, type Level, levels } from "./levels.js";

const graces = { inputEndedMs: 100, terminatingMs: 100, verifyMs: 5_000 };

/** What gets away: everything else is caught at every level. */
const missed: Readonly<Partial<Record<string, readonly Level[]>>> = {
  "has a helper without environment, in a session of its own, that outlives it before anybody looked": ["group"],
  "has a helper without environment, in a session of its own, that goes to another cgroup and outlives it before anybody looked":
    ["group", "cgroup"],
};

const verdicts = new Map<string, Record<Level, Verdict>>(
  hostileRows.map(({ what }) => [what, { group: "missed", cgroup: "missed", namespace: "missed" }]),
);

describe.concurrent("a server that", () => {
  for (const row of hostileRows) {
    for (const level of levels) {
      const expected = missed[row.what]?.includes(level) ? "missed" : "caught";
      it.runIf(canUse(level))(`${row.what} should be ${expected} in a ${level}`, async (context) => {
        const verdict = await verdictOn(row, level, context);
        Object.assign(verdicts.get(row.what) ?? {}, { [level]: verdict });
        expect(verdict).toBe(expected);
      });
    }
  }
});

// After all of them: what is written is what happened, where all of it can happen.
it.runIf(levels.every(canUse))(
  "docs/containment.md should say what happened; `npm run docs:containment` writes it anew",
  async () => {
    await expect(containmentPage(verdicts)).toMatchFileSnapshot("../../../docs/containment.md");
  },
);

async function verdictOn(
  { server, before, answers = true }: HostileRow,
  level: Level,
  { onTestFinished }: TestContext,
): Promise<Verdict> {
  const tree = await startHostile(server, { host: hostAt(level), onFinished: onTestFinished, initialize: answers });
  await before?.(tree);
  const { outcome } = await endTree(tree, graces);
  if (outcome === "leaked") return "reported";
  const isGone = await tree.witness.gone({ withinMs: 500 }).then(
    () => true,
    () => false,
  );
  return isGone ? "caught" : "missed";
}
