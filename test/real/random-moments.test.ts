import { describe, expect, it } from "vitest";
import { isLifecycleError } from "../../src/index.js";
import { endReasons } from "../../src/machines/index.js";
import type { HostileServerName } from "../../src/testing/hostile/index.js";
import { seededRandom } from "../../src/testing/simulation/seeded-random.js";
import { inBatches } from "./support/batches.js";
import { longestEndMs, shortGraces } from "./support/graces.js";
import { type Part, parts, type PlannedEnd, stageOpening } from "./support/staged-opening.js";

const openings = 200;
// What aims at "initialize" comes too late now and then, on a busy machine.
const aims: readonly Part[] = ["spawn", "initialize", "list", "initialize", "spawn", "initialize", "list"];
const atOnce = 8;
const atLeast = 40;

const servers: readonly HostileServerName[] = [
  "well-behaved",
  "ignores-eof",
  "ignores-everything",
  "helper-detached",
  "helper-double-fork",
];
// Their wrapper is up before the server is, so that the part "initialize" cannot be told from outside.
const wrapped: readonly HostileServerName[] = ["shell-wrapper", "wrapper-waits"];

describe.runIf(process.platform === "linux")("an end at a random moment of an opening", () => {
  const seed = Number(process.env["REAL_TEST_SEED"] ?? Date.now() % 1_000_000);

  it(`should leave nothing and be over within its graces, ${openings} times`, { timeout: 180_000 }, async () => {
    const hits = new Map<Part | "over", number>();
    await inBatches(planEnds(seed), atOnce, async (planned) => {
      const part = await endAsPlanned(planned).catch((cause: unknown) => {
        throw new Error(`REAL_TEST_SEED=${seed}, ${JSON.stringify(planned)}: ${String(cause)}`, { cause });
      });
      hits.set(part, (hits.get(part) ?? 0) + 1);
    });

    const counts = [...hits].map(([part, count]) => `${part} ${count}`).toSorted();
    process.stdout.write(`ends at random moments, REAL_TEST_SEED=${seed}: ${counts.join(", ")}\n`);
    for (const part of parts) {
      expect(hits.get(part) ?? 0, `how often the part "${part}" was hit`).toBeGreaterThanOrEqual(atLeast);
    }
  });
});

function planEnds(seed: number): PlannedEnd[] {
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  return Array.from({ length: openings }, (_, index) => {
    const aim = aims[index % aims.length] as Part;
    const server = pick(aim === "initialize" ? servers : [...servers, ...wrapped]);
    return { aim, moment: random(), server, reason: pick(endReasons) };
  });
}

async function endAsPlanned(planned: PlannedEnd): Promise<Part | "over"> {
  await using opening = await stageOpening(planned);
  const part = opening.partNow();
  const receipt = await opening.session.end({ reason: planned.reason });

  await opening.nothingLeft();
  expect(receipt).toMatchObject({ reason: planned.reason, outcome: "closed", netUsed: false });
  expect(receipt.endedAt - receipt.startedAt).toBeLessThan(longestEndMs(shortGraces));
  // Whoever asked is told, also where the opening had succeeded a moment before and nobody had said so yet.
  const rejected = await opening.rejected;
  if (part !== "over") expect(rejected).toSatisfy(isLifecycleError);
  return part;
}
